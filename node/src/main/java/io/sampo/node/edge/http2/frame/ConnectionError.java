package io.sampo.node.edge.http2.frame;

/** What ends the whole connection with a GOAWAY (RFC 9113, section 5.4.1). */
public final class ConnectionError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param debug for GOAWAY's debug data; ASCII
   */
  public ConnectionError(int code, String debug) {
    super(debug, null, false, false);
    this.code = code;
  }

  public static ConnectionError protocol(String debug) {
    return new ConnectionError(ErrorCode.PROTOCOL_ERROR, debug);
  }

  public static ConnectionError frameSize(String debug) {
    return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, debug);
  }

  public static ConnectionError calm(String debug) {
    return new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, debug);
  }

  public int code() {
    return code;
  }
}
