package io.sampo.node.request;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.sampo.node.edge.grpc.AnswerListener;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.tls.AddressText;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.nesting.NestedMessages;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes etcd's line {@code request stats} for a unary call that took longer than {@code
 * --warning-unary-request-duration}; with {@code --log-level=debug} for every one, as a debug line.
 */
public final class RequestStats implements AnswerListener {
  private static final Logger LOG = LoggerFactory.getLogger(RequestStats.class);
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXX")
          .withZone(ZoneId.systemDefault());

  /** Of calls that etcd does not look into. */
  private static final Sizes UNKNOWN = new Sizes(-1, -1, -1, -1, "");

  private final long warningNanos;
  private final LongSupplier currentMillis;

  /**
   * @param warningNanos {@code --warning-unary-request-duration}
   * @param currentMillis the wall clock
   */
  public RequestStats(long warningNanos, LongSupplier currentMillis) {
    this.warningNanos = warningNanos;
    this.currentMillis = currentMillis;
  }

  /** What etcd counts of a call, in its own way for each kind. */
  record Sizes(
      long requestCount, int requestSize, long responseCount, int responseSize, String content) {}

  @Override
  public boolean wants(long nanos) {
    return nanos > warningNanos || LOG.isDebugEnabled();
  }

  @Override
  public void over(
      String method, byte[] request, EncodedMessage response, SocketAddress remote, long nanos) {
    if (!wants(nanos)) {
      return;
    }
    Instant begin = Instant.ofEpochMilli(currentMillis.getAsLong()).minus(nanos, ChronoUnit.NANOS);
    Sizes sizes = sizes(method, request, response);
    LOG.atLevel(LOG.isDebugEnabled() ? Level.DEBUG : Level.WARN)
        .addKeyValue("start time", TIMESTAMP.format(begin))
        .addKeyValue("time spent", Duration.ofNanos(nanos))
        .addKeyValue("remote", AddressText.of(remote))
        .addKeyValue("response type", method)
        .addKeyValue("request count", sizes.requestCount())
        .addKeyValue("request size", sizes.requestSize())
        .addKeyValue("response count", sizes.responseCount())
        .addKeyValue("response size", sizes.responseSize())
        .addKeyValue("request content", sizes.content())
        .log("request stats");
  }

  /** A request that cannot be read was refused, and is not looked into either. */
  static Sizes sizes(String method, byte[] request, EncodedMessage response) {
    int size = response == null ? 0 : response.size();
    try {
      return switch (method) {
        case "/etcdserverpb.KV/Range" ->
            new Sizes(
                0,
                request.length,
                response instanceof CountedMessage counted ? counted.count() : 0,
                size,
                RequestText.of(NestedMessages.request(RangeRequest.parser(), request)));
        case "/etcdserverpb.KV/Put" ->
            new Sizes(
                1,
                request.length,
                0,
                size,
                RequestText.of(NestedMessages.request(PutRequest.parser(), request)));
        case "/etcdserverpb.KV/DeleteRange" ->
            new Sizes(
                0,
                request.length,
                number(response, DeleteRangeResponse.DELETED_FIELD_NUMBER),
                size,
                RequestText.of(NestedMessages.request(DeleteRangeRequest.parser(), request)));
        case "/etcdserverpb.KV/Txn" ->
            response == null
                ? new Sizes(0, 0, 0, 0, "")
                : txn(NestedMessages.request(TxnRequest.parser(), request), response);
        default -> UNKNOWN;
      };
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Of a transaction the branch that was taken counts. */
  private static Sizes txn(TxnRequest request, EncodedMessage response) throws IOException {
    boolean succeeded = number(response, TxnResponse.SUCCEEDED_FIELD_NUMBER) != 0;
    List<RequestOp> taken = succeeded ? request.getSuccessList() : request.getFailureList();
    int size = taken.stream().mapToInt(RequestOp::getSerializedSize).sum();
    return new Sizes(taken.size(), size, 0, response.size(), RequestText.of(request));
  }

  /** A number of an answer that is there as a whole. */
  private static long number(EncodedMessage response, int field) throws IOException {
    if (response == null) {
      return 0;
    }
    CodedInputStream input = CodedInputStream.newInstance(response.toByteArray());
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == field) {
        return input.readInt64();
      }
      input.skipField(tag);
    }
    return 0;
  }
}
