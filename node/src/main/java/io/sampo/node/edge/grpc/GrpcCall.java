package io.sampo.node.edge.grpc;

import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * What the headers of one call say, read in a single pass; everything that a hot path does not need
 * is left in the request until somebody asks.
 *
 * @param request the call as it came
 * @param encoding how compressed messages of this call are compressed; {@code identity} if unsaid
 * @param timeoutNanos the client's deadline as a span from now, 0 for none, below 0 if it is over
 * @param clientApiVersion etcd's {@code client-api-version}, {@code unknown} if unsaid
 * @param requireLeader whether {@code hasleader: true} asks to be refused without a leader
 */
public record GrpcCall(
    HttpRequest request,
    String encoding,
    long timeoutNanos,
    String clientApiVersion,
    boolean requireLeader) {

  /**
   * Reads the headers, or throws {@link IllegalArgumentException} for a bad {@code grpc-timeout}.
   */
  static GrpcCall of(HttpRequest request) {
    String encoding = "identity";
    long timeout = 0;
    String version = "unknown";
    boolean requireLeader = false;
    for (HttpHeader header : request.getHeaders()) {
      switch (header.lowercaseName()) {
        case "grpc-encoding" -> encoding = header.value();
        case "grpc-timeout" -> timeout = GrpcTimeout.parseNanos(header.value());
        case "client-api-version" -> version = header.value();
        case "hasleader" -> requireLeader = "true".equals(header.value());
        default -> {}
      }
    }
    return new GrpcCall(request, encoding, timeout, version, requireLeader);
  }

  /** The call's metadata in the form that the generated service interfaces take. */
  public Metadata metadata() {
    return MetadataBuilder.fromHeaders(request.getHeaders());
  }
}
