package io.sampo.node.edge.grpc;

import io.grpc.Status;
import java.util.Locale;

/**
 * gRPC codes as grpc-go's metrics spell them: {@code INVALID_ARGUMENT} is {@code InvalidArgument}.
 */
final class CodeNames {
  private CodeNames() {}

  static String of(Status.Code code) {
    if (code == Status.Code.OK) {
      return "OK";
    }
    if (code == Status.Code.CANCELLED) {
      return "Canceled";
    }
    StringBuilder name = new StringBuilder();
    for (String word : code.name().split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }
}
