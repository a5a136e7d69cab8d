package io.sampo.node.discovery;

/** A call ended with another status than OK. The text is that of etcd's client. */
final class GrpcException extends Exception {
  private static final long serialVersionUID = 1;
  private static final String[] CODES = {
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated"
  };
  static final int UNAVAILABLE = 14;
  private static final int UNKNOWN = 2;
  private static final int DEADLINE_EXCEEDED = 4;

  private final int code;
  private final String description;

  private GrpcException(int code, String description, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.description = description;
  }

  /** What the service said. */
  static GrpcException of(int code, String description) {
    return of(code, description, null);
  }

  private static GrpcException of(int code, String description, Throwable cause) {
    // etcd's own errors are shown by their text alone.
    String message =
        description.startsWith("etcdserver: ")
            ? description
            : "rpc error: code = %s desc = %s"
                .formatted(code < CODES.length ? CODES[code] : "Code(" + code + ")", description);
    return new GrpcException(code, description, message, cause);
  }

  /** The service cannot be reached. */
  static GrpcException unreachable(String reason, Throwable cause) {
    return of(UNAVAILABLE, "connection error: desc = \"" + reason + "\"", cause);
  }

  /** What came is not gRPC. */
  static GrpcException nonsense(String reason) {
    return of(UNKNOWN, reason);
  }

  static GrpcException late() {
    String text = "context deadline exceeded";
    return new GrpcException(DEADLINE_EXCEEDED, text, text, null);
  }

  /** Whether another endpoint, or the same one later, may answer. */
  boolean isWorthAnotherTry() {
    return code == UNAVAILABLE;
  }

  String description() {
    return description;
  }
}
