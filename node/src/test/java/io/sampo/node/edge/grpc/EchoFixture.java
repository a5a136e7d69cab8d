package io.sampo.node.edge.grpc;

import static io.sampo.node.edge.http2.RawClient.data;

import io.grpc.Status;
import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.EncodedMessage;
import io.sampo.node.edge.http2.RawClient;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.healthpb.HealthCheckRequest;
import io.sampo.protocol.healthpb.HealthCheckResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** An edge whose methods give back what they are given, or fail, and a client of it. */
abstract class EchoFixture {
  static final byte[] PING = {'p', 'i', 'n', 'g'};
  static final String HEAD = ":status=200, content-type=application/grpc";
  static final String FRAME = "\0\0\0\0\4ping";

  final List<String> answers = Collections.synchronizedList(new ArrayList<>());
  final List<Status.Code> codes = Collections.synchronizedList(new ArrayList<>());

  /** More than both windows have at first. */
  static final int LARGE = 90_000;

  final AtomicInteger made = new AtomicInteger();
  final List<CompletableFuture<byte[]>> late = new ArrayList<>();
  final CompletableFuture<HealthCheckResponse> wait = new CompletableFuture<>();
  final List<Consumer<Throwable>> guarded = new ArrayList<>();
  final Frames frames = new Frames();
  EtcdException admission;
  final RawClient client;

  EchoFixture(ActorTestKit kit) {
    client =
        RawClient.connected(
            kit.system(),
            RawClient.settings(false),
            edge(new LongWork(kit.system().executionContext())));
  }

  GrpcEdge edge(LongWork longWork) {
    return new GrpcEdge(
        List.of(
            new GrpcMethod.Unary(
                "/test.Echo/Echo", (message, call) -> CompletableFuture.completedFuture(message)),
            new GrpcMethod.Unary(
                "/test.Echo/Fail",
                (message, call) -> CompletableFuture.failedFuture(EtcdError.EMPTY_KEY.exception())),
            new GrpcMethod.Unary(
                "/test.Echo/Throw",
                (message, call) -> {
                  throw new IllegalStateException("100% é");
                }),
            new GrpcMethod.Large(
                "/test.Echo/Large",
                (message, call, room) ->
                    room.take(LARGE)
                        .thenApply(
                            granted -> {
                              made.incrementAndGet();
                              return EncodedMessage.of(new byte[LARGE]);
                            })),
            new GrpcMethod.Unary("/test.Echo/Late", (message, call) -> later()),
            new GrpcMethod.Large(
                "/test.Echo/Many",
                (message, call, room) -> CompletableFuture.completedFuture(new ManyLetters())),
            new GrpcMethod.Streaming(
                "/test.Echo/ManyTwice",
                "server_stream",
                (in, call) -> Source.range(1, 2).map(n -> new ManyLetters())),
            new GrpcMethod.Answering("/test.Echo/Each", (message, call) -> later()),
            new GrpcMethod.Answering("/test.Echo/Meanwhile", (message, call) -> new Meanwhile()),
            new GrpcMethod.Streaming(
                "/test.Echo/Stream", "bidi_stream", (in, call) -> in.map(EncodedMessage::of)),
            new GrpcMethod.Streaming(
                "/test.Echo/Broken",
                "server_stream",
                (in, call) ->
                    Source.range(1, 2).map(n -> EncodedMessage.of(n == 2 ? compacted() : PING))),
            new GrpcMethod.Framed(
                "/test.Echo/Frames", "bidi_stream", (call, output) -> frames.open(output)),
            GrpcMethod.waiting(
                "/test.Wait/Wait", HealthCheckRequest.parser(), (request, metadata) -> wait)),
        new GrpcEdge.Settings(
            100,
            (method, call) -> admission,
            end -> {
              guarded.add(end);
              return () -> guarded.remove(end);
            },
            longWork,
            Set.of(),
            (method, request, response, remote, nanos) ->
                answers.add(method + " " + text(request) + " " + text(response) + " " + remote)),
        new GrpcListener() {
          @Override
          public void started(GrpcMethod method, GrpcCall call, long requestBytes) {}

          @Override
          public void finished(
              GrpcMethod method, GrpcCall call, Status.Code code, long bytes, long nanos) {
            codes.add(code);
          }

          @Override
          public void streamed(GrpcMethod method, boolean received, int messages, long bytes) {}
        },
        () -> 0L);
  }

  private static String text(EncodedMessage response) {
    if (response == null) {
      return "-";
    }
    return response.size() < LARGE ? text(response.toByteArray()) : "large";
  }

  private static String text(byte[] message) {
    return message == null ? "-" : new String(message, StandardCharsets.UTF_8);
  }

  static byte[] compacted() {
    throw EtcdError.COMPACTED.exception();
  }

  /** A large message that is made while it leaves. */
  static final class ManyLetters implements EncodedMessage {
    static final int SIZE = 100_000;

    private int made;

    @Override
    public int size() {
      return SIZE;
    }

    @Override
    public void write(byte[] target, int offset, int length) {
      for (int i = 0; i < length; i++) {
        target[offset + i] = (byte) ('a' + made++ % 26);
      }
    }
  }

  /** An answer that comes just behind a look for it. */
  private static final class Meanwhile extends CompletableFuture<byte[]> {
    @Override
    public boolean isDone() {
      boolean before = super.isDone();
      complete(PING);
      return before;
    }
  }

  CompletableFuture<byte[]> later() {
    late.add(new CompletableFuture<>());
    return late.get(late.size() - 1);
  }

  byte[] head(int id, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", "POST", ":scheme", "http", ":path", path, "te", "trailers"));
    if (!Arrays.asList(more).contains("content-type")) {
      fields.addAll(List.of("content-type", "application/grpc"));
    }
    fields.addAll(List.of(more));
    return client.headers(id, false, fields.toArray(String[]::new));
  }

  List<String> call(String path, byte[] body, String... more) {
    client.send(head(1, path, more), data(1, true, body));
    return client.frames();
  }

  static byte[] ping() {
    return GrpcFrames.framed(0, PING);
  }

  static String failed(int id, String start, int code, String text) {
    return "HEADERS "
        + id
        + " "
        + start
        + "grpc-status="
        + code
        + ", grpc-message="
        + text
        + " end";
  }

  static byte[] concat(byte[]... pieces) {
    ByteString all = ByteString.emptyByteString();
    for (byte[] piece : pieces) {
      all = all.concat(ByteString.fromArray(piece));
    }
    return all.toArray();
  }

  /** Counts what it is told. */
  static final class Frames implements FrameStream {
    Output output;
    volatile int pulls;
    volatile int messages;
    volatile boolean closed;

    FrameStream open(Output back) {
      output = back;
      return this;
    }

    @Override
    public boolean wantsMessages() {
      return true;
    }

    @Override
    public void onMessage(byte[] message) {
      messages++;
    }

    @Override
    public void pull() {
      pulls++;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
