package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.sampo.gateway.transcode.CallListener;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.edge.grpc.AnswerListener;
import io.sampo.node.edge.grpc.CallTracer;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.edge.grpc.GrpcMetrics;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.request.CountedMessage;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.mvccpb.KeyValue;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.junit.jupiter.api.Test;

class GatewayCallsTest {
  private static final String PUT = of("Put", "KV", "unary");
  private static final String WATCH = of("Watch", "Watch", "bidi_stream");

  /** Of 10 and 20 bytes. */
  private static final PutRequest REQUEST =
      PutRequest.newBuilder().setKey(ByteString.copyFrom(new byte[8])).build();

  private static final RangeResponse RESPONSE =
      RangeResponse.newBuilder()
          .addKvs(KeyValue.newBuilder().setKey(ByteString.copyFrom(new byte[14])))
          .setCount(3)
          .build();

  private final MetricsRegistry registry = new MetricsRegistry();
  private final List<GrpcMethod> methods =
      List.of(
          new GrpcMethod.Unary("/etcdserverpb.KV/Put", null),
          new GrpcMethod.Unary("/etcdserverpb.KV/Range", null),
          new GrpcMethod.Framed("/etcdserverpb.Watch/Watch", "bidi_stream", null));
  private final AtomicLong clock = new AtomicLong(5);
  private final List<String> told = new ArrayList<>();
  private final GatewayCalls calls =
      new GatewayCalls(
          methods, new GrpcMetrics(registry, methods, true), listener(), clock::get, null, null);

  /** Hears only of what took longer than 100 ns. */
  private AnswerListener listener() {
    return new AnswerListener() {
      @Override
      public boolean wants(long nanos) {
        return nanos > 100;
      }

      @Override
      public void over(
          String method,
          byte[] request,
          EncodedMessage response,
          SocketAddress remote,
          long nanos) {
        String answer =
            response == null
                ? "nothing"
                : "%d bytes, count %d"
                    .formatted(response.toByteArray().length, ((CountedMessage) response).count());
        told.add(
            "%s %d %s %s:%d %d ns"
                .formatted(
                    method,
                    request.length,
                    answer,
                    ((InetSocketAddress) remote).getHostString(),
                    ((InetSocketAddress) remote).getPort(),
                    nanos));
      }
    };
  }

  private static String of(String method, String service, String type) {
    return "grpc_method=\"%s\",grpc_service=\"etcdserverpb.%s\",grpc_type=\"%s\"}"
        .formatted(method, service, type);
  }

  private CallListener.Call begin(String path) {
    return calls.begun(path, new MetadataBuilder().build());
  }

  private double value(String series) {
    return MetricsPage.value(registry, series);
  }

  @Test
  void aUnaryCallCountsAsOneOfGrpc() {
    CallListener.Call call = begin("/etcdserverpb.KV/Put");
    call.received(REQUEST);
    call.sent(RESPONSE);
    call.ended(Status.Code.OK, "");
    assertEquals(1, value("grpc_server_started_total{" + PUT));
    assertEquals(1, value("grpc_server_msg_received_total{" + PUT));
    assertEquals(1, value("grpc_server_msg_sent_total{" + PUT));
    assertEquals(1, value("grpc_server_handled_total{grpc_code=\"OK\"," + PUT));
    assertEquals(10, value("etcd_network_client_grpc_received_bytes_total"));
    assertEquals(20, value("etcd_network_client_grpc_sent_bytes_total"));
    assertEquals(
        1,
        value("etcd_server_client_requests_total{client_api_version=\"unknown\",type=\"unary\"}"));
  }

  @Test
  void aStreamCountsItsMessagesAndItsEnd() {
    CallListener.Call call = begin("/etcdserverpb.Watch/Watch");
    call.received(REQUEST);
    call.sent(RESPONSE);
    call.sent(RESPONSE);
    call.ended(Status.Code.CANCELLED, "");
    assertEquals(1, value("grpc_server_started_total{" + WATCH));
    assertEquals(2, value("grpc_server_msg_received_total{" + WATCH));
    assertEquals(2, value("grpc_server_msg_sent_total{" + WATCH));
    assertEquals(1, value("grpc_server_handled_total{grpc_code=\"Canceled\"," + WATCH));
  }

  @Test
  void aSlowUnaryCallIsToldOfAsOneOfTheGatewayItself() {
    CallListener.Call call = begin("/etcdserverpb.KV/Range");
    call.received(REQUEST);
    call.sent(RESPONSE);
    clock.addAndGet(101);
    call.ended(Status.Code.OK, "");
    assertEquals(List.of("/etcdserverpb.KV/Range 10 20 bytes, count 3 127.0.0.1:0 101 ns"), told);
  }

  @Test
  void aSlowCallThatFailsIsToldOfWithoutAnAnswer() {
    CallListener.Call call = begin("/etcdserverpb.KV/Put");
    call.received(REQUEST);
    clock.addAndGet(101);
    call.ended(Status.Code.UNAVAILABLE, "");
    assertEquals(List.of("/etcdserverpb.KV/Put 10 nothing 127.0.0.1:0 101 ns"), told);
  }

  @Test
  void neitherAFastCallNorAStreamIsToldOf() {
    CallListener.Call fast = begin("/etcdserverpb.KV/Put");
    fast.received(REQUEST);
    clock.addAndGet(100);
    fast.ended(Status.Code.OK, "");
    CallListener.Call stream = begin("/etcdserverpb.Watch/Watch");
    stream.received(REQUEST);
    clock.addAndGet(1_000);
    stream.ended(Status.Code.OK, "");
    assertEquals(List.of(), told);
  }

  /** Says what it hears. */
  private final class HeardSpan implements CallTracer.CallSpan {
    @Override
    public <R extends CompletionStage<?>> R within(byte[] message, Supplier<R> work) {
      told.add("within " + message.length);
      return work.get();
    }

    @Override
    public void received(byte[] message) {
      told.add("received " + message.length);
    }

    @Override
    public void end(Status.Code code, String text) {
      told.add("end " + code + " " + text);
    }
  }

  @Test
  void aCallThatIsTracedHasTheSpanOfItsGrpcCall() {
    GatewayCalls traced =
        new GatewayCalls(
            methods,
            new GrpcMetrics(new MetricsRegistry(), methods, true),
            listener(),
            clock::get,
            (method, call, local) -> {
              String parent = call.metadata().getText("traceparent").orElse("none");
              told.add("begin " + method.path() + " " + parent + " at " + local);
              return new HeardSpan();
            },
            InetSocketAddress.createUnresolved("host", 1));
    var metadata = new MetadataBuilder().addText("traceparent", "00-1-2-01").build();
    CallListener.Call call = traced.begun("/etcdserverpb.KV/Put", metadata);
    call.received(REQUEST);
    call.within(REQUEST, () -> CompletableFuture.completedFuture(RESPONSE));
    call.ended(Status.Code.UNAVAILABLE, "no");
    CallListener.Call stream =
        traced.begun("/etcdserverpb.Watch/Watch", new MetadataBuilder().build());
    stream.received(REQUEST);
    stream.ended(Status.Code.OK, "");
    stream.received(REQUEST);
    assertEquals(
        List.of(
            "begin /etcdserverpb.KV/Put 00-1-2-01 at host/<unresolved>:1",
            "within 10",
            "end UNAVAILABLE no",
            "begin /etcdserverpb.Watch/Watch none at host/<unresolved>:1",
            "received 10",
            "end OK "),
        told);
  }

  @Test
  void itsAddressIsTheOneThatTheGatewayWouldDial() throws Exception {
    assertEquals("/127.0.0.1:2379", dialled("http://127.0.0.1:2379,http://127.0.0.1:2381"));
    assertEquals("localhost/127.0.0.1:2379", dialled("http://0.0.0.0:2379"));
    assertEquals("null", dialled("unix://etcd:1"));
  }

  private static String dialled(String urls) throws Exception {
    return String.valueOf(GatewayCalls.local(EtcdUrl.parseList(urls)));
  }
}
