package io.sampo.node.edge.grpc;

import io.grpc.Status;
import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.node.edge.http2.frame.ResponseHead;
import io.sampo.protocol.timeout.GrpcTimeout;

/** What grpc-go refuses by the head alone, with HTTP's status and its own (1.82.1). */
final class CallRules {
  private static final String GRPC = "application/grpc";

  private CallRules() {}

  /** {@code application/grpc}, also with a subtype or parameters behind. */
  static boolean isGrpc(String contentType) {
    if (!contentType.startsWith(GRPC)) {
      return false;
    }
    if (contentType.length() == GRPC.length()) {
      return true;
    }
    char next = contentType.charAt(GRPC.length());
    return next == '+' || next == ';';
  }

  /** The answer to a head that begins no call, or null. */
  static ResponseHead refusal(RequestHead head) {
    int hosts = 0;
    boolean grpc = false;
    String foreignType = "";
    String fault = null;
    for (int i = 0; i < head.size(); i++) {
      String value = head.value(i);
      switch (head.name(i)) {
        case "host" -> hosts++;
        case "content-type" -> {
          if (isGrpc(value)) {
            grpc = true;
          } else {
            foreignType = value;
          }
        }
        case "grpc-timeout" -> fault = timeoutFault(value, fault);
        default -> fault = binaryFault(head.name(i), value, fault);
      }
    }
    if (hosts > 1) {
      return refused(
          400,
          Status.Code.INTERNAL,
          "num values of :authority: %d, num values of host: %d, both must only have 1 value as per HTTP/2 spec"
              .formatted(head.authority().isEmpty() ? 0 : 1, hosts));
    }
    if (!grpc) {
      return refused(
          415,
          Status.Code.INVALID_ARGUMENT,
          "invalid gRPC request content-type " + GoText.quoted(foreignType));
    }
    if (fault != null) {
      return refused(400, Status.Code.INTERNAL, fault);
    }
    return head.method().equals("POST") ? null : notPost(head.method());
  }

  private static ResponseHead notPost(String method) {
    return refused(
        405,
        Status.Code.INTERNAL,
        "Received a HEADERS frame with :method " + GoText.quoted(method) + " which should be POST");
  }

  private static String timeoutFault(String value, String before) {
    try {
      GrpcTimeout.parseNanos(value);
      return before;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static String binaryFault(String name, String value, String before) {
    int bad = name.endsWith("-bin") ? Base64Values.firstBad(value) : -1;
    return bad < 0
        ? before
        : "malformed binary metadata "
            + GoText.quoted(value)
            + " in header "
            + GoText.quoted(name)
            + ": illegal base64 data at input byte "
            + bad;
  }

  /** A call that HTTP itself refuses, with the gRPC status that grpc-go adds to it. */
  static ResponseHead refused(int httpStatus, Status.Code code, String text) {
    return ResponseHead.of(
        ":status",
        Integer.toString(httpStatus),
        "content-type",
        GRPC,
        "grpc-status",
        Integer.toString(code.value()),
        "grpc-message",
        GrpcResponses.percentEncoded(text));
  }
}
