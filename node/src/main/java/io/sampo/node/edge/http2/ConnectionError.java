package io.sampo.node.edge.http2;

/** What ends the whole connection with a GOAWAY (RFC 9113, section 5.4.1). */
final class ConnectionError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param debug for GOAWAY's debug data; ASCII
   */
  ConnectionError(int code, String debug) {
    super(debug, null, false, false);
    this.code = code;
  }

  static ConnectionError protocol(String debug) {
    return new ConnectionError(ErrorCode.PROTOCOL_ERROR, debug);
  }

  static ConnectionError frameSize(String debug) {
    return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, debug);
  }

  static ConnectionError calm(String debug) {
    return new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, debug);
  }

  int code() {
    return code;
  }
}
