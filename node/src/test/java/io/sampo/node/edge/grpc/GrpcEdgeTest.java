package io.sampo.node.edge.grpc;

import static io.sampo.node.edge.http2.RawClient.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.edge.StreamGuard;
import io.sampo.node.edge.http2.RawClient;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.healthpb.HealthCheckRequest;
import io.sampo.protocol.healthpb.HealthCheckResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcEdgeTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final byte[] PING = {'p', 'i', 'n', 'g'};
  private static final String HEAD = ":status=200, content-type=application/grpc";
  private static final String FRAME = "\0\0\0\0\4ping";

  private final List<Status.Code> codes = Collections.synchronizedList(new ArrayList<>());
  private final List<CompletableFuture<byte[]>> late = new ArrayList<>();
  private final CompletableFuture<HealthCheckResponse> wait = new CompletableFuture<>();
  private final List<Consumer<Throwable>> guarded = new ArrayList<>();
  private final Frames frames = new Frames();
  private EtcdException admission;
  private final RawClient client =
      RawClient.connected(KIT.system(), RawClient.settings(false), edge());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private GrpcEdge edge() {
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
            new GrpcMethod.Unary("/test.Echo/Late", (message, call) -> later()),
            new GrpcMethod.Answering("/test.Echo/Each", (message, call) -> later()),
            new GrpcMethod.Streaming("/test.Echo/Stream", "bidi_stream", (in, call) -> in),
            new GrpcMethod.Streaming(
                "/test.Echo/Broken",
                "server_stream",
                (in, call) -> Source.range(1, 2).map(n -> n == 2 ? compacted() : PING)),
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
            Set.of()),
        new GrpcListener() {
          @Override
          public void started(GrpcMethod method, GrpcCall call, long requestBytes) {}

          @Override
          public void finished(
              GrpcMethod method, GrpcCall call, Status.Code code, long bytes, long nanos) {
            codes.add(code);
          }

          @Override
          public void streamed(GrpcMethod method, boolean received, long bytes) {}
        },
        () -> 0L);
  }

  private static byte[] compacted() {
    throw EtcdError.COMPACTED.exception();
  }

  private CompletableFuture<byte[]> later() {
    late.add(new CompletableFuture<>());
    return late.get(late.size() - 1);
  }

  private byte[] head(int id, String path, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", "POST", ":scheme", "http", ":path", path, "te", "trailers"));
    if (!Arrays.asList(more).contains("content-type")) {
      fields.addAll(List.of("content-type", "application/grpc"));
    }
    fields.addAll(List.of(more));
    return client.headers(id, false, fields.toArray(String[]::new));
  }

  private List<String> call(String path, byte[] body, String... more) {
    client.send(head(1, path, more), data(1, true, body));
    return client.frames();
  }

  private static byte[] ping() {
    return GrpcFrames.framed(0, PING);
  }

  private static String failed(int id, String start, int code, String text) {
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

  @Test
  void aUnaryCallIsAnsweredWithAFrameAndATrailer() {
    for (int id = 1; id < 8; id += 2) {
      client.send(head(id, "/test.Echo/Echo"), data(id, true, ping()));
      assertEquals(
          List.of(
              "HEADERS " + id + " " + HEAD,
              "DATA " + id + " " + FRAME,
              "HEADERS " + id + " grpc-status=0 end"),
          client.frames());
    }
    assertEquals(Collections.nCopies(4, Status.Code.OK), codes);
  }

  @Test
  void theContentTypeComesBack() {
    List<String> lines = call("/test.Echo/Echo", ping(), "content-type", "application/grpc+proto");
    assertEquals("HEADERS 1 :status=200, content-type=application/grpc+proto", lines.get(0));
    assertEquals("HEADERS 1 grpc-status=0 end", lines.get(2));
  }

  @Test
  void whoSendsGzipGetsGzip() {
    byte[] body = GrpcFrames.framed(1, GzipFrames.compress(PING));
    List<String> lines = call("/test.Echo/Echo", body, "grpc-encoding", "gzip");
    assertEquals("HEADERS 1 " + HEAD + ", grpc-encoding=gzip", lines.get(0));
    assertTrue(lines.get(1).startsWith("DATA 1 \1"));
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal("/test.Echo/Fail", ping(), 3, "etcdserver: key is not provided"),
        refusal("/test.Echo/Throw", ping(), 13, "100%25 %C3%A9"),
        refusal("/nope", ping(), 12, "malformed method name: \"/nope\""),
        refusal("test.Echo/Echo", ping(), 12, "malformed method name: \"test.Echo/Echo\""),
        refusal("", ping(), 12, "malformed method name: \"\""),
        refusal("/test.Echo/Nope", ping(), 12, "unknown method Nope for service test.Echo"),
        refusal("/test.Echo/Echo?a", ping(), 12, "unknown method Echo?a for service test.Echo"),
        refusal("/test.Nope/Echo", ping(), 12, "unknown service test.Nope"),
        refusal("/test.Echo/Echo", new byte[0], 2, "EOF"),
        refusal("/test.Echo/Echo", new byte[3], 2, "EOF"),
        refusal("/test.Echo/Echo", Arrays.copyOf(ping(), 8), 2, "unexpected EOF"),
        refusal("/test.Echo/Stream", Arrays.copyOf(ping(), 8), 13, "unexpected EOF"),
        refusal(
            "/test.Echo/Echo",
            GrpcFrames.framed(0, new byte[101]),
            8,
            "grpc: received message larger than max (101 vs. 100)"),
        refusal(
            "/test.Echo/Echo",
            GrpcFrames.framed(1, PING),
            13,
            "grpc: compressed flag set with identity or empty encoding"),
        refusal(
            "/test.Echo/Echo",
            ping(),
            12,
            "grpc: Decompressor is not installed for grpc-encoding \"snappy\"",
            "grpc-encoding",
            "snappy"),
        refusal("/test.Echo/\u00e9", ping(), 12, "unknown method %EF%BF%BD for service test.Echo"),
        refusal(
            "/test.Echo/\u00c3\u00a9", ping(), 12, "unknown method %C3%A9 for service test.Echo"),
        refusal("/test.Echo/Echo", ping(), 4, "context deadline exceeded", "grpc-timeout", "0n"),
        refusal("/test.Echo/Stream", ping(), 4, "context deadline exceeded", "grpc-timeout", "0n"));
  }

  private static Arguments refusal(
      String path, byte[] body, int code, String text, String... more) {
    return Arguments.of(path, body, code, text, more);
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("refusals")
  void whatIsRefusedHasAStatusWithoutAMessage(
      String path, byte[] body, int code, String text, String[] more) {
    client.send(head(1, path, more), data(1, true, body));
    assertEquals(List.of(failed(1, HEAD + ", ", code, text)), client.until("HEADERS"));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of(
            415,
            3,
            "invalid gRPC request content-type \"text/plain\"",
            new String[] {"content-type", "text/plain"}),
        Arguments.of(
            415,
            3,
            "invalid gRPC request content-type \"application/grpcx\"",
            new String[] {"content-type", "application/grpcx"}),
        Arguments.of(
            400,
            13,
            "malformed grpc-timeout: transport: timeout unit is not recognized: \"10s\"",
            new String[] {"grpc-timeout", "10s"}),
        Arguments.of(
            400,
            13,
            "malformed binary metadata \"a!\" in header \"x-bin\": illegal base64 data at input"
                + " byte 1",
            new String[] {"x-bin", "a!"}),
        Arguments.of(
            400,
            13,
            "num values of :authority: 0, num values of host: 2, both must only have 1 value as"
                + " per HTTP/2 spec",
            new String[] {"host", "a", "host", "b"}));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void whatHttpRefusesHasAGrpcStatusToo(int http, int code, String text, String[] more) {
    String start = ":status=" + http + ", content-type=application/grpc, ";
    client.send(head(1, "/test.Echo/Echo", more));
    assertEquals(List.of(failed(1, start, code, text), "RST_STREAM 1 NO_ERROR"), client.frames());
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(
            415,
            "invalid gRPC request content-type \"application/grpcx\"",
            new String[] {"content-type", "application/grpcx"}),
        Arguments.of(
            400,
            "malformed grpc-timeout: transport: timeout unit is not recognized: \"10s\"",
            new String[] {"grpc-timeout", "10s"}),
        Arguments.of(
            400,
            "malformed binary metadata \"\" in header \"x-bin\": illegal base64 data at input byte"
                + " 1",
            new String[] {"x-bin", "a!"}));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void behindNetHttpARefusalIsALineOfText(int http, String text, String[] more) {
    RawClient strict = RawClient.connected(KIT.system(), RawClient.settings(true), edge());
    List<String> fields = new ArrayList<>(List.of(":method", "POST", ":scheme", "https"));
    fields.addAll(List.of(":path", "/test.Echo/Echo"));
    if (!more[0].equals("content-type")) {
      fields.addAll(List.of("content-type", "application/grpc"));
    }
    fields.addAll(List.of(more));
    strict.send(strict.headers(1, false, fields.toArray(String[]::new)), data(1, true, ping()));
    List<String> lines = strict.until("DATA 1  end");
    assertTrue(lines.get(0).startsWith("HEADERS 1 :status=" + http), lines::toString);
    assertTrue(lines.get(0).endsWith("access-control-allow-origin=*"), lines::toString);
    // Long bodies are shown by their length.
    assertEquals("DATA 1 " + (text.length() + 1), lines.get(1));
  }

  @Test
  void behindNetHttpThePathIsAUrls() {
    RawClient strict = RawClient.connected(KIT.system(), RawClient.settings(true), edge());
    strict.send(
        strict.headers(
            1,
            false,
            ":method",
            "POST",
            ":scheme",
            "https",
            ":path",
            "/test.Echo/%45cho?x",
            "content-type",
            "application/grpc;a"),
        data(1, true, ping()));
    assertEquals(
        List.of(
            "HEADERS 1 :status=200, content-type=application/grpc;a",
            "DATA 1 " + FRAME,
            "HEADERS 1 grpc-status=0 end"),
        strict.frames());
  }

  @Test
  void onlyPostIsACall() {
    client.send(
        client.headers(
            1, true, ":method", "GET", ":path", "/x", "content-type", "application/grpc"));
    assertEquals(
        List.of(
            failed(
                1,
                ":status=405, content-type=application/grpc, ",
                13,
                "Received a HEADERS frame with :method \"GET\" which should be POST")),
        client.frames());
  }

  @Test
  void oneOfTwoContentTypesIsEnough() {
    List<String> lines =
        call("/test.Echo/Echo", ping(), "content-type", "application/grpc", "content-type", "a/b");
    assertEquals("HEADERS 1 grpc-status=0 end", lines.get(2));
  }

  @Test
  void aCallThatIsNotAdmittedDoesNotReachItsService() {
    admission = EtcdError.NO_LEADER.exception();
    assertEquals(
        List.of(failed(1, HEAD + ", ", 14, "etcdserver: no leader")),
        call("/test.Echo/Late", ping()));
    assertEquals(List.of(), late);
  }

  @Test
  void aMegabyteOfSomethingElseIsRefusedAtItsHead() {
    client.send(head(1, "/v3/kv/put", "content-type", "application/json"));
    for (int i = 0; i < 60; i++) {
      client.send(data(1, i == 59, new byte[16_384]));
    }
    List<String> lines = client.frames();
    assertTrue(lines.get(0).startsWith("HEADERS 1 :status=415"), lines::toString);
    assertEquals("RST_STREAM 1 NO_ERROR", lines.get(1));
    assertTrue(
        lines.subList(2, lines.size()).stream().allMatch(l -> l.startsWith("WINDOW_UPDATE 0")));
  }

  @Test
  void aUnaryCallIsAnsweredBeforeItsClientEndsItsHalf() {
    client.send(head(1, "/test.Echo/Echo"), data(1, false, ping()));
    assertEquals("RST_STREAM 1 NO_ERROR", client.frames().get(3));
  }

  @Test
  void aMessageLargerThanAWindowIsLetIn() {
    GrpcEdge edge = edge();
    GrpcEdge large =
        new GrpcEdge(
            List.of(
                new GrpcMethod.Unary(
                    "/test.Echo/Size",
                    (message, call) ->
                        CompletableFuture.completedFuture(
                            Integer.toString(message.length).getBytes()))),
            new GrpcEdge.Settings(1 << 22, (method, call) -> null, StreamGuard.NONE, Set.of()),
            edge.listener(),
            () -> 0L);
    RawClient other = RawClient.connected(KIT.system(), RawClient.settings(false), large);
    byte[] body = GrpcFrames.framed(0, new byte[2_000_000]);
    other.send(
        other.headers(
            1,
            false,
            ":method",
            "POST",
            ":path",
            "/test.Echo/Size",
            "content-type",
            "application/grpc"));
    int window = 65_535;
    for (int at = 0; at < body.length; ) {
      int length = Math.min(Math.min(16_384, body.length - at), window);
      if (length == 0) {
        for (String line : other.frames()) {
          window += line.startsWith("WINDOW_UPDATE 1 ") ? Integer.parseInt(line.split(" ")[2]) : 0;
        }
        continue;
      }
      window -= length;
      at += length;
      other.send(data(1, at == body.length, Arrays.copyOfRange(body, at - length, at)));
    }
    assertTrue(other.until("DATA").get(0) != null);
  }

  @Test
  void aCallWithoutAnAnswerEndsAtItsDeadline() {
    for (String path : List.of("/test.Echo/Late", "/test.Echo/Stream", "/test.Echo/Frames")) {
      int id = 1 + 2 * codes.size();
      client.send(head(id, path, "grpc-timeout", "10m"), data(id, false, ping()));
      assertTrue(
          client.until("RST_STREAM " + id + " NO_ERROR").stream()
              .anyMatch(
                  line -> line.contains("grpc-status=4, grpc-message=context deadline exceeded")));
    }
    assertEquals(Collections.nCopies(3, Status.Code.DEADLINE_EXCEEDED), codes);
    assertTrue(frames.closed);
  }

  @Test
  void anAnswerThatIsLateComesFromAnyThread() {
    assertEquals(List.of(), call("/test.Echo/Late", ping()));
    late.get(0).complete(PING);
    assertEquals("DATA 1 " + FRAME, client.until("HEADERS 1 grpc-status=0 end").get(1));
  }

  @Test
  void eachMessageIsAnsweredInOrder() {
    client.send(head(1, "/test.Echo/Each"), data(1, false, concat(ping(), ping(), ping())));
    assertEquals(List.of(), client.frames());
    late.get(1).complete(new byte[] {'2'});
    assertEquals(List.of(), client.frames());
    late.get(0).complete(new byte[] {'1'});
    client.send(data(1, true, new byte[0]));
    assertEquals(
        List.of("HEADERS 1 " + HEAD, "DATA 1 \0\0\0\0\1" + "1", "DATA 1 \0\0\0\0\1" + "2"),
        client.until("DATA 1 \0\0\0\0\1" + "2"));
    late.get(2).completeExceptionally(EtcdError.NO_LEADER.exception());
    assertEquals(
        List.of("HEADERS 1 grpc-status=14, grpc-message=etcdserver: no leader end"),
        client.until("HEADERS 1 grpc-status"));
  }

  @Test
  void noMoreMessagesAreUnderWayThanAllowed() {
    byte[][] many = new byte[70][];
    Arrays.fill(many, ping());
    client.send(head(1, "/test.Echo/Each"), data(1, true, concat(many)));
    client.frames();
    assertEquals(64, late.size());
    for (int i = 0; i < 64; i++) {
      late.get(i).complete(PING);
    }
    client.frames();
    client.frames();
    assertEquals(70, late.size());
    late.subList(64, 70).forEach(reply -> reply.complete(PING));
    client.until("HEADERS 1 grpc-status=0 end");
  }

  @Test
  void aStreamIsCutIntoMessagesWhereverItsBytesWereCut() {
    client.send(head(1, "/test.Echo/Stream"));
    byte[] two = concat(ping(), ping());
    for (int i = 0; i < two.length; i++) {
      client.send(data(1, i == two.length - 1, new byte[] {two[i]}));
    }
    assertEquals(
        List.of(
            "HEADERS 1 " + HEAD,
            "DATA 1 " + FRAME,
            "DATA 1 " + FRAME,
            "HEADERS 1 grpc-status=0 end"),
        client.until("HEADERS 1 grpc-status"));
  }

  @Test
  void aStreamThatBreaksEndsWithTheStatusOfWhatBrokeIt() {
    client.send(head(1, "/test.Echo/Broken"), data(1, true, ping()));
    List<String> lines = client.until("HEADERS 1 grpc-status");
    assertEquals("DATA 1 " + FRAME, lines.get(1));
    assertTrue(lines.get(2).contains("grpc-status=11"), lines::toString);
  }

  @Test
  void framesGoAsTheyAreAndByDemand() {
    client.send(head(1, "/test.Echo/Frames"), data(1, false, ping()));
    client.frames();
    assertEquals(1, frames.pulls);
    assertEquals(1, frames.messages);
    frames.output.send(ByteString.fromString("frames"));
    assertEquals(List.of("HEADERS 1 " + HEAD, "DATA 1 frames"), client.until("DATA"));
    client.frames();
    assertEquals(2, frames.pulls);
    assertFalse(frames.closed);
    client.send(RawClient.frame(3, 0, 1, new byte[] {0, 0, 0, 8}));
    client.frames();
    assertTrue(frames.closed);
    assertEquals(List.of(Status.Code.CANCELLED), codes);
  }

  @Test
  void aStreamThatAskedForALeaderEndsWithoutOne() {
    client.send(head(1, "/test.Echo/Frames", "hasleader", "true"));
    client.frames();
    guarded.get(0).accept(EtcdError.NO_LEADER.exception());
    assertEquals(
        List.of(failed(1, HEAD + ", ", 14, "etcdserver: no leader")), client.until("HEADERS"));
    client.frames();
    assertEquals(List.of(), guarded);
  }

  @Test
  void aCallThatWaitsIsCancelledWhenItsClientLeaves() {
    client.send(head(1, "/test.Wait/Wait"), data(1, true, GrpcFrames.framed(0, new byte[0])));
    client.frames();
    assertFalse(wait.isDone());
    client.send(RawClient.frame(3, 0, 1, new byte[] {0, 0, 0, 8}));
    client.frames();
    assertThrows(CancellationException.class, () -> wait.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aCallThatWaitsIsCancelledAtItsDeadline() {
    client.send(
        head(1, "/test.Wait/Wait", "grpc-timeout", "10m"),
        data(1, true, GrpcFrames.framed(0, new byte[0])));
    client.until(failed(1, HEAD + ", ", 4, "context deadline exceeded"));
    assertThrows(CancellationException.class, () -> wait.get(10, TimeUnit.SECONDS));
  }

  private static byte[] concat(byte[]... pieces) {
    ByteString all = ByteString.emptyByteString();
    for (byte[] piece : pieces) {
      all = all.concat(ByteString.fromArray(piece));
    }
    return all.toArray();
  }

  /** Counts what it is told. */
  private static final class Frames implements FrameStream {
    private Output output;
    private volatile int pulls;
    private volatile int messages;
    private volatile boolean closed;

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
