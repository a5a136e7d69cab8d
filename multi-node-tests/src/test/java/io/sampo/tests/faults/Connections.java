package io.sampo.tests.faults;

import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One client's connections, one to each member it has met; tells of every call. */
final class Connections implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(3);

  private final String client;
  private final Supplier<List<ServerUnderTest>> members;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final CallListener listener;
  private final Map<ServerUnderTest, GrpcClient> open = new HashMap<>();
  private ServerUnderTest member;

  Connections(
      String client,
      Supplier<List<ServerUnderTest>> members,
      RandomGenerator random,
      LongSupplier nanoTime,
      CallListener listener) {
    this.client = client;
    this.members = members;
    this.random = random;
    this.nanoTime = nanoTime;
    this.listener = listener;
    change();
  }

  String client() {
    return client;
  }

  RandomGenerator random() {
    return random;
  }

  /** Goes on with some member. */
  void change() {
    List<ServerUnderTest> now = members.get();
    member = now.get(random.nextInt(now.size()));
  }

  /** What a client does after a failure: many members may be down. */
  void pause() {
    Await.pause(Duration.ofMillis(20 + random.nextInt(100)));
  }

  /** The connection to the member that is asked at the moment. */
  GrpcClient current() {
    GrpcClient connection =
        open.computeIfAbsent(member, each -> new GrpcClient(each.endpoint(), LIMIT));
    connection.reconnect();
    return connection;
  }

  /** Asks the member; after a failure the next call goes to some other. */
  Call call(Message request) {
    ServerUnderTest asked = member;
    long invoked = nanoTime.getAsLong();
    Message response = null;
    Throwable error = null;
    try {
      response = send(current(), request);
    } catch (io.grpc.StatusRuntimeException e) {
      error = e;
    }
    Call call =
        new Call(client, asked.name(), request, invoked, nanoTime.getAsLong(), response, error);
    listener.onCall(call);
    if (error != null || random.nextInt(20) == 0) {
      change();
    }
    return call;
  }

  private static Message send(GrpcClient to, Message request) {
    if (request instanceof PutRequest) {
      return to.call("/etcdserverpb.KV/Put", request, PutResponse.getDefaultInstance());
    } else if (request instanceof DeleteRangeRequest) {
      return to.call(
          "/etcdserverpb.KV/DeleteRange", request, DeleteRangeResponse.getDefaultInstance());
    } else if (request instanceof TxnRequest) {
      return to.call("/etcdserverpb.KV/Txn", request, TxnResponse.getDefaultInstance());
    } else if (request instanceof RangeRequest) {
      return to.call("/etcdserverpb.KV/Range", request, RangeResponse.getDefaultInstance());
    } else if (request instanceof LeaseGrantRequest) {
      return to.call(
          "/etcdserverpb.Lease/LeaseGrant", request, LeaseGrantResponse.getDefaultInstance());
    } else if (request instanceof LeaseRevokeRequest) {
      return to.call(
          "/etcdserverpb.Lease/LeaseRevoke", request, LeaseRevokeResponse.getDefaultInstance());
    } else if (request instanceof LeaseKeepAliveRequest) {
      return keepAlive(to, request);
    }
    throw new IllegalArgumentException("no client asks this: " + request);
  }

  private static Message keepAlive(GrpcClient to, Message request) {
    try (GrpcStream<LeaseKeepAliveResponse> stream =
        to.stream(
            "/etcdserverpb.Lease/LeaseKeepAlive", LeaseKeepAliveResponse.getDefaultInstance())) {
      stream.send(request);
      Object answer = stream.poll(LIMIT).orElse(io.grpc.Status.DEADLINE_EXCEEDED);
      if (answer instanceof io.grpc.Status status) {
        throw status.asRuntimeException();
      }
      return (Message) answer;
    }
  }

  @Override
  public void close() {
    open.values().forEach(GrpcClient::close);
  }
}
