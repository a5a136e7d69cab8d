package io.sampo.protocol.error;

import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * An expected failure on its way to a client: a gRPC code and the exact text the client compares.
 * It has no stack trace, because it is a value and not an accident.
 */
public final class EtcdException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;

  public EtcdException(Status.Code code, String text) {
    super(Objects.requireNonNull(text), null, false, false);
    this.code = Objects.requireNonNull(code);
  }

  /**
   * What has failed, without the wrappers that futures put around it.
   *
   * @return null if nothing has
   */
  public static Throwable causeOf(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  public Status.Code code() {
    return code;
  }

  /** The text that the client sees; never null. */
  public String text() {
    return getMessage();
  }

  /** The text as a Go client's error prints it, which etcd puts into a watch's cancel reason. */
  public String asGoError() {
    return "rpc error: code = " + goName(code) + " desc = " + text();
  }

  /**
   * gRPC for Go names codes in camel case: {@code PERMISSION_DENIED} is {@code PermissionDenied}.
   */
  private static String goName(Status.Code code) {
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
    }
    return name.toString();
  }
}
