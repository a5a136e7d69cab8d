package io.sampo.node.training;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.sampo.node.edge.grpc.GrpcFrames;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.UserAgent;
import org.apache.pekko.stream.javadsl.Source;

/** The calls of the rehearsal, in the form in which etcd's clients make them. */
final class RehearsalCalls {
  private static final ContentType GRPC = ContentTypes.parse("application/grpc");
  private static final int KEYS = 5_000;
  private static final ByteString VALUE = ByteString.copyFrom(new byte[256]);
  static final long LEASE = 4711;

  private RehearsalCalls() {}

  /** The n-th call of a mixture that is mostly puts. */
  static HttpRequest mixed(int number) {
    return switch (number % 16) {
      case 1, 9 -> get(number, false);
      case 3 -> get(number, true);
      case 5 -> optimisticTransaction(number);
      case 7 -> page(number);
      case 15 -> number % 160 == 15 ? delete(number) : put(number);
      default -> put(number);
    };
  }

  static HttpRequest put(int number) {
    PutRequest.Builder put = PutRequest.newBuilder().setKey(key(number)).setValue(VALUE);
    if (number % 64 == 0) {
      put.setLease(LEASE).setPrevKv(true);
    }
    return call("KV/Put", put.build());
  }

  private static HttpRequest get(int number, boolean serializable) {
    return call(
        "KV/Range",
        RangeRequest.newBuilder().setKey(key(number)).setSerializable(serializable).build());
  }

  private static HttpRequest page(int number) {
    return call(
        "KV/Range",
        RangeRequest.newBuilder()
            .setKey(key(number))
            .setRangeEnd(ByteString.copyFromUtf8("l"))
            .setLimit(20)
            .build());
  }

  private static HttpRequest delete(int number) {
    return call("KV/DeleteRange", DeleteRangeRequest.newBuilder().setKey(key(number)).build());
  }

  private static HttpRequest optimisticTransaction(int number) {
    ByteString key = key(number);
    return call(
        "KV/Txn",
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(key)
                    .setTarget(Compare.CompareTarget.MOD)
                    .setResult(Compare.CompareResult.GREATER)
                    .setModRevision(number))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(VALUE)))
            .addFailure(
                RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)))
            .build());
  }

  static HttpRequest grant() {
    return call("Lease/LeaseGrant", LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(60).build());
  }

  /** One stream of keep-alives that ends by itself. */
  static HttpRequest keepAlives(int count) {
    org.apache.pekko.util.ByteString frame =
        GrpcFrames.frame(LeaseKeepAliveRequest.newBuilder().setID(LEASE).build().toByteArray());
    return stream("Lease/LeaseKeepAlive", Source.repeat(frame).take(count));
  }

  /** One stream with many watchers on all keys; it stays open. */
  static HttpRequest watch(int watchers) {
    WatchCreateRequest everything =
        WatchCreateRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("k"))
            .setRangeEnd(ByteString.copyFromUtf8("l"))
            .build();
    org.apache.pekko.util.ByteString frame =
        GrpcFrames.frame(
            WatchRequest.newBuilder().setCreateRequest(everything).build().toByteArray());
    return stream("Watch/Watch", Source.repeat(frame).take(watchers).concat(Source.maybe()));
  }

  static HttpRequest call(String method, MessageLite message) {
    return request(method)
        .withEntity(HttpEntities.create(GRPC, GrpcFrames.frame(message.toByteArray())));
  }

  private static HttpRequest stream(
      String method, Source<org.apache.pekko.util.ByteString, NotUsed> frames) {
    return request(method).withEntity(HttpEntities.create(GRPC, frames));
  }

  private static HttpRequest request(String method) {
    return HttpRequest.POST("http://127.0.0.1/etcdserverpb." + method)
        .addHeader(RawHeader.create("te", "trailers"))
        .addHeader(RawHeader.create("grpc-timeout", "4999999u"))
        .addHeader(UserAgent.create("grpc-go/1.75.1"));
  }

  private static ByteString key(int number) {
    return ByteString.copyFromUtf8("key-" + Math.floorMod(number * 31, KEYS));
  }
}
