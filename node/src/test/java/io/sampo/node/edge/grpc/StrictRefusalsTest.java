package io.sampo.node.edge.grpc;

import static io.sampo.node.edge.http2.RawClient.data;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where etcd answers by Go's net/http, over TLS: refusals are lines of text, paths are URLs'. */
class StrictRefusalsTest extends EchoFixture {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final LongWork LONG_WORK = new LongWork(Runnable::run);

  StrictRefusalsTest() {
    super(KIT);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
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
  void aRefusalIsALineOfText(int http, String text, String[] more) {
    RawClient strict = RawClient.connected(KIT.system(), RawClient.settings(true), edge(LONG_WORK));
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
  void thePathIsAUrls() {
    RawClient strict = RawClient.connected(KIT.system(), RawClient.settings(true), edge(LONG_WORK));
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
}
