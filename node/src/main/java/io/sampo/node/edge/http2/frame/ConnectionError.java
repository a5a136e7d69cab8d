package io.sampo.node.edge.http2.frame;

/** What ends the whole connection (RFC 9113, section 5.4.1), with a GOAWAY or without a word. */
public final class ConnectionError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Which clients are told why. */
  private enum Told {
    ALL,
    /** Those of Go's net/http; grpc-go just closes. */
    STRICT,
    NONE
  }

  private final int code;
  private final int streamId;
  private final Told told;

  /**
   * @param debug for GOAWAY's debug data; ASCII
   */
  public ConnectionError(int code, String debug) {
    this(code, debug, 0, Told.STRICT);
  }

  private ConnectionError(int code, String debug, int streamId, Told told) {
    super(debug, null, false, false);
    this.code = code;
    this.streamId = streamId;
    this.told = told;
  }

  public static ConnectionError protocol(String debug) {
    return new ConnectionError(ErrorCode.PROTOCOL_ERROR, debug);
  }

  public static ConnectionError frameSize(String debug) {
    return new ConnectionError(ErrorCode.FRAME_SIZE_ERROR, debug);
  }

  /** A client that does too much of something; it is told in any case. */
  public static ConnectionError calm(String debug) {
    return new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, debug, 0, Told.ALL);
  }

  /** The one fault that grpc-go explains as well. */
  public static ConnectionError illegalStream(String debug) {
    return new ConnectionError(ErrorCode.PROTOCOL_ERROR, debug, 0, Told.ALL);
  }

  /** What Go takes for the end of the connection: nobody is left to be told. */
  public static ConnectionError unreadable(String debug) {
    return new ConnectionError(ErrorCode.PROTOCOL_ERROR, debug, 0, Told.NONE);
  }

  /** The same by a frame of that stream: Go's net/http names it as the last one it looked at. */
  public ConnectionError of(int id) {
    return new ConnectionError(code, getMessage(), id, told);
  }

  public int code() {
    return code;
  }

  /** 0 if no stream is to blame. */
  public int streamId() {
    return streamId;
  }

  /**
   * Whether a GOAWAY goes before the close.
   *
   * @param strict whether the connection behaves as Go's net/http
   */
  public boolean isTold(boolean strict) {
    return told == Told.ALL || told == Told.STRICT && strict;
  }
}
