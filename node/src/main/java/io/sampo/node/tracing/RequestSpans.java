package io.sampo.node.tracing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.util.function.Function;

/** The spans inside of a call: one for each request, with what it asks for (etcd 3.7.1). */
final class RequestSpans {
  private static final String LEASE_GRANT = "/etcdserverpb.Lease/LeaseGrant";
  private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private RequestSpans() {}

  /**
   * Begins the span of a request.
   *
   * @param path of the call
   * @return null if requests of that kind have none
   */
  static Span begin(String path, byte[] message, Function<String, SpanBuilder> named) {
    try {
      SpanBuilder span = of(path, message, named);
      return span == null ? null : span.startSpan();
    } catch (InvalidProtocolBufferException e) {
      // The service says so to the client.
      return null;
    }
  }

  private static SpanBuilder of(String path, byte[] message, Function<String, SpanBuilder> named)
      throws InvalidProtocolBufferException {
    return switch (path) {
      case "/etcdserverpb.KV/Range" -> range(RangeRequest.parseFrom(message), named);
      case "/etcdserverpb.KV/RangeStream" ->
          rangeStream(RangeRequest.parseFrom(message), named.apply("range_streaming"));
      case "/etcdserverpb.KV/Put" ->
          named.apply("put").setAttribute("key", text(PutRequest.parseFrom(message).getKey()));
      case "/etcdserverpb.KV/DeleteRange" ->
          delete(DeleteRangeRequest.parseFrom(message), named.apply("delete_range"));
      case "/etcdserverpb.KV/Txn" ->
          TxnSpan.describe(TxnRequest.parseFrom(message), named.apply("txn"));
      case "/etcdserverpb.KV/Compact" ->
          compact(CompactionRequest.parseFrom(message), named.apply("compact"));
      case LEASE_GRANT -> grant(LeaseGrantRequest.parseFrom(message), named.apply("lease_grant"));
      case "/etcdserverpb.Lease/LeaseRevoke" ->
          named
              .apply("lease_revoke")
              .setAttribute("id", LeaseRevokeRequest.parseFrom(message).getID());
      case "/etcdserverpb.Lease/LeaseKeepAlive" ->
          named
              .apply("lease_renew")
              .setAttribute("id", LeaseKeepAliveRequest.parseFrom(message).getID());
      case "/etcdserverpb.Watch/Watch" -> watch(WatchRequest.parseFrom(message), named);
      default -> null;
    };
  }

  private static SpanBuilder range(RangeRequest range, Function<String, SpanBuilder> named) {
    return rangeStream(range, named.apply("range")).setAttribute("keys_only", range.getKeysOnly());
  }

  private static SpanBuilder rangeStream(RangeRequest range, SpanBuilder span) {
    return span.setAttribute("range_begin", text(range.getKey()))
        .setAttribute("range_end", text(range.getRangeEnd()))
        .setAttribute("rev", range.getRevision())
        .setAttribute("limit", range.getLimit())
        .setAttribute("count_only", range.getCountOnly());
  }

  private static SpanBuilder delete(DeleteRangeRequest range, SpanBuilder span) {
    return span.setAttribute("range_begin", text(range.getKey()))
        .setAttribute("range_end", text(range.getRangeEnd()));
  }

  private static SpanBuilder compact(CompactionRequest request, SpanBuilder span) {
    return span.setAttribute("is_physical", request.getPhysical())
        .setAttribute("rev", request.getRevision());
  }

  private static SpanBuilder grant(LeaseGrantRequest request, SpanBuilder span) {
    return span.setAttribute("id", request.getID()).setAttribute("ttl", request.getTTL());
  }

  /** Only the creation of a watcher has a span. */
  private static SpanBuilder watch(WatchRequest request, Function<String, SpanBuilder> named) {
    if (!request.hasCreateRequest()) {
      return null;
    }
    WatchCreateRequest create = request.getCreateRequest();
    return named
        .apply("watch")
        .setAttribute("key", text(create.getKey().isEmpty() ? NUL : create.getKey()))
        .setAttribute(
            "range_end", create.getRangeEnd().equals(NUL) ? "" : text(create.getRangeEnd()))
        .setAttribute("start_rev", create.getStartRevision())
        .setAttribute("progress_notify", create.getProgressNotify())
        .setAttribute("prev_kv", create.getPrevKv())
        .setAttribute("fragment", create.getFragment());
  }

  /** The id of a lease may be known only now. */
  static void answered(String path, Span span, Object answer) {
    if (answer instanceof LeaseGrantResponse granted) {
      span.setAttribute("id", granted.getID());
    } else if (path.equals(LEASE_GRANT) && answer instanceof byte[] message) {
      try {
        span.setAttribute("id", LeaseGrantResponse.parseFrom(message).getID());
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static String text(ByteString bytes) {
    return bytes.toStringUtf8();
  }
}
