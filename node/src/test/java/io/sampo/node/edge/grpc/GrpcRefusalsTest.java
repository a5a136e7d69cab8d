package io.sampo.node.edge.grpc;

import static io.sampo.node.edge.http2.RawClient.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.error.EtcdError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the edge answers by itself: the status, the text and the end of the stream. */
class GrpcRefusalsTest extends EchoFixture {
  private static final ActorTestKit KIT = ActorTestKit.create();

  GrpcRefusalsTest() {
    super(KIT);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
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
        refusal("/test.Echo/\u00e9", ping(), 12, "unknown method %EF%BF%BD for service test.Echo"),
        refusal(
            "/test.Echo/\u00c3\u00a9", ping(), 12, "unknown method %C3%A9 for service test.Echo"),
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
}
