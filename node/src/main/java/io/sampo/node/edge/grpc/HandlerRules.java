package io.sampo.node.edge.grpc;

import io.sampo.node.edge.http2.PlainText;
import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.protocol.timeout.GrpcTimeout;
import java.util.Set;

/**
 * What grpc-go refuses by the head alone where it runs behind Go's net/http, which is so with TLS:
 * with HTTP's status and a line of text.
 */
final class HandlerRules {
  private HandlerRules() {}

  /** The answer to a head that begins no call, or null. */
  static PlainText refusal(RequestHead head) {
    if (!head.method().equals("POST")) {
      return new PlainText(
          405, "invalid gRPC request method " + GoText.quoted(head.method()), "allow", "POST");
    }
    String type = head.get("content-type");
    if (type == null || !CallRules.isGrpc(type)) {
      return new PlainText(
          415, "invalid gRPC request content-type " + GoText.quoted(type == null ? "" : type));
    }
    String timeout = head.get("grpc-timeout");
    if (timeout != null && !timeout.isEmpty()) {
      try {
        GrpcTimeout.parseNanos(timeout);
      } catch (IllegalArgumentException e) {
        return new PlainText(400, e.getMessage());
      }
    }
    return binaryRefusal(head);
  }

  /** The value is missing in grpc-go's text as well. */
  private static PlainText binaryRefusal(RequestHead head) {
    for (int i = 0; i < head.size(); i++) {
      String name = head.name(i);
      int bad = name.endsWith("-bin") ? Base64Values.firstBad(head.value(i)) : -1;
      if (bad >= 0) {
        String text =
            "malformed binary metadata \"\" in header %s: illegal base64 data at input byte %d";
        return new PlainText(400, text.formatted(GoText.quoted(name), bad));
      }
    }
    return null;
  }

  /** The fields by which etcd's handlers let scripts of other origins read what they answer. */
  static String[] cors(RequestHead head, Set<String> origins) {
    boolean any = origins.isEmpty() || origins.contains("*");
    String origin = head.get("origin");
    if (!any && (origin == null || !origins.contains(origin))) {
      return new String[0];
    }
    return new String[] {
      "access-control-allow-headers",
      "accept, content-type, authorization",
      "access-control-allow-methods",
      "POST, GET, OPTIONS, PUT, DELETE",
      "access-control-allow-origin",
      any ? "*" : origin
    };
  }

  /** The path of the method: without a query, and with what is escaped in it. */
  static String path(RequestHead head) {
    String path = head.path();
    int query = path.indexOf('?');
    String raw = query < 0 ? path : path.substring(0, query);
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    StringBuilder plain = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      // Whoever let it in has seen that two digits follow.
      if (raw.charAt(i) == '%') {
        plain.append((char) Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        plain.append(raw.charAt(i));
      }
    }
    return plain.toString();
  }
}
