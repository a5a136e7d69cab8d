package io.sampo.gateway.transcode;

import static io.sampo.gateway.transcode.GatewayFixture.post;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What etcd 3.7.1 counts in {@code grpc_server_*} for the same request to its gateway. */
class CallListenerTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("gateway-test");
  private static final String KEEP_ALIVE = "/v3/lease/keepalive";

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final GatewayFixture fixture = new GatewayFixture(SYSTEM, this::listen);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  private CallListener.Call listen(String method, Object metadata) {
    told.add("begun " + method.substring(method.lastIndexOf('/') + 1));
    return new CallListener.Call() {
      @Override
      public void received(Message request) {
        told.add("received " + request.getSerializedSize());
      }

      @Override
      public void sent(Message response) {
        told.add("sent " + response.getSerializedSize());
      }

      @Override
      public CompletionStage<Message> within(
          Message request, Supplier<CompletionStage<Message>> asked) {
        told.add("asked");
        return asked.get();
      }

      @Override
      public void ended(Status.Code code, String text) {
        told.add("ended " + code + (text.isEmpty() ? "" : ": " + text));
      }
    };
  }

  private void expect(String... events) throws InterruptedException {
    List<String> seen = Stream.generate(this::next).limit(events.length).toList();
    assertEquals(List.of(events), seen);
    assertEquals(0, told.size());
  }

  private String next() {
    try {
      return told.poll(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aUnaryCallIsOneMessageEachWay() throws Exception {
    fixture.send(post("/v3/lease/grant", "{\"ID\":7,\"TTL\":5}"));
    expect("begun LeaseGrant", "received 4", "asked", "sent 4", "ended OK");
  }

  @Test
  void whatIsNoMessageReachesNoService() throws Exception {
    fixture.send(post("/v3/lease/grant", "{\"ID\":nonsense}"));
    fixture.send(post(KEEP_ALIVE, ""));
    expect("begun LeaseKeepAlive", "ended OK");
  }

  @Test
  void everyMessageOfAStreamCounts() throws Exception {
    fixture.send(post(KEEP_ALIVE, "{\"ID\":7}{\"ID\":8}"));
    expect("begun LeaseKeepAlive", "received 2", "sent 4", "received 2", "sent 4", "ended OK");
  }

  @Test
  void aStreamThatFailsEndsWithTheCode() throws Exception {
    fixture.lease.keepAlive = requests -> Source.failed(EtcdError.LEASE_NOT_FOUND.exception());
    fixture.send(post(KEEP_ALIVE, "{\"ID\":7}"));
    expect("begun LeaseKeepAlive", "ended NOT_FOUND: etcdserver: requested lease not found");
  }

  @Test
  void aStreamWhoseClientLeavesIsCancelled() throws Exception {
    fixture.lease.keepAlive = requests -> Source.never();
    CompletableFuture<Done> gone = new CompletableFuture<>();
    fixture.gateway.apply(ClientGone.attach(post(KEEP_ALIVE, "{\"ID\":7}"), gone));
    assertEquals("begun LeaseKeepAlive", next());
    gone.complete(Done.getInstance());
    expect("ended CANCELLED: context canceled");
  }
}
