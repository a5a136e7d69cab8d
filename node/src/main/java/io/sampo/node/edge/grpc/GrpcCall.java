package io.sampo.node.edge.grpc;

import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.node.edge.http2.frame.ResponseHead;
import io.sampo.protocol.timeout.GrpcTimeout;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * What the head of a call says, read in a single pass; calls with the same head share it.
 *
 * @param method the method of the call's path, or null if there is none
 * @param encoding how compressed messages of this call are compressed; {@code identity} if unsaid
 * @param timeoutNanos the client's deadline as a span from its head, 0 for none, below 0 if it is
 *     over
 * @param clientApiVersion etcd's {@code client-api-version}, {@code unknown} if unsaid
 * @param requireLeader whether {@code hasleader: true} asks to be refused without a leader
 * @param contentType of the answer
 * @param metadata in the form that the generated service interfaces take
 */
public record GrpcCall(
    GrpcMethod method,
    String encoding,
    long timeoutNanos,
    String clientApiVersion,
    boolean requireLeader,
    String contentType,
    Metadata metadata) {
  private static final long SHORTEST_NANOS = 10_000;
  private static final String CLIENT_API_VERSION = "client-api-version";
  private static final String UNKNOWN_VERSION = "unknown";

  /**
   * Reads a head that {@link CallRules} or {@link HandlerRules} has nothing against.
   *
   * @param handler whether it is answered as by grpc-go behind net/http
   * @param clientName the common name of the client's certificate
   */
  static GrpcCall of(
      RequestHead head,
      GrpcMethod method,
      boolean handler,
      SocketAddress remote,
      Supplier<Optional<String>> clientName) {
    String encoding = GrpcFrames.IDENTITY;
    String contentType = GrpcResponses.CONTENT_TYPE;
    long timeout = 0;
    String version = UNKNOWN_VERSION;
    boolean requireLeader = false;
    for (int i = 0; i < head.size(); i++) {
      String value = head.value(i);
      switch (head.name(i)) {
        case "content-type" -> {
          if (CallRules.isGrpc(value)) {
            contentType = handler ? value : GrpcResponses.contentType(value);
          }
        }
        case "grpc-encoding" -> encoding = value.isEmpty() ? GrpcFrames.IDENTITY : value;
        case "grpc-timeout" -> timeout = value.isEmpty() ? 0 : timeoutNanos(value);
        case CLIENT_API_VERSION -> version = value;
        case "hasleader" -> requireLeader = "true".equals(value);
        default -> {}
      }
    }
    return new GrpcCall(
        method,
        encoding,
        timeout,
        version,
        requireLeader,
        contentType,
        new CallMetadata(head, remote, clientName));
  }

  /** A call that did not come by gRPC: only what it counts as is of interest. */
  public static GrpcCall ofGateway(GrpcMethod method, Metadata metadata) {
    String version = metadata.getText(CLIENT_API_VERSION).orElse(UNKNOWN_VERSION);
    return new GrpcCall(
        method, GrpcFrames.IDENTITY, 0, version, false, GrpcResponses.CONTENT_TYPE, metadata);
  }

  boolean isCompressed() {
    return GrpcFrames.GZIP.equals(encoding);
  }

  /** How an answer begins that has no message. */
  ResponseHead head() {
    return contentType.equals(GrpcResponses.CONTENT_TYPE)
        ? ResponseHead.GRPC
        : ResponseHead.of(":status", "200", "content-type", contentType);
  }

  /** How an answer begins whose messages are compressed if the client compresses. */
  ResponseHead messagesHead() {
    return isCompressed() ? head().with("grpc-encoding", GrpcFrames.GZIP) : head();
  }

  /** Nothing is answered in less than 10 µs: grpc-go finds it over before it looks at the call. */
  private static long timeoutNanos(String value) {
    long nanos = GrpcTimeout.parseNanos(value);
    return nanos > 0 && nanos < SHORTEST_NANOS ? -1 : nanos;
  }
}
