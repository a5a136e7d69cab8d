package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.frame;
import static io.sampo.node.edge.http2.RawClient.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection that is not strict takes as grpc-go does: in silence, or not at all. */
class OverlookedFaultsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final byte[] BODY = "body".getBytes(StandardCharsets.US_ASCII);

  private final EchoHandler echo = new EchoHandler();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private RawClient connect() {
    return RawClient.connected(KIT.system(), RawClient.settings(false), echo);
  }

  /** What grpc-go, and so a connection that is not strict, ends without a word. */
  static Stream<Arguments> silentEnds() {
    return Stream.of(
        Arguments.of("data on stream 0", data(0, true, BODY)),
        Arguments.of("padding above the payload", frame(0, 8, 1, 5, 0)),
        Arguments.of("no padding length", frame(0, 8, 1)),
        Arguments.of("a frame above 16 KiB", data(1, true, new byte[16_385])),
        Arguments.of("a reset of stream 0", frame(3, 0, 0, 0, 0, 0, 8)),
        Arguments.of("a short reset", frame(3, 0, 1, 0, 0, 8)),
        Arguments.of("settings on a stream", frame(4, 0, 1)),
        Arguments.of("a window above 2^31-1", frame(4, 0, 0, 0, 4, 128, 0, 0, 0)),
        Arguments.of("a short ping", frame(6, 0, 0, 0)),
        Arguments.of("a short goaway", frame(7, 0, 0, 0)),
        Arguments.of("a window update of 0", frame(8, 0, 0, 0, 0, 0, 0)),
        Arguments.of("a continuation of nothing", frame(9, 4, 1, 0x82)),
        Arguments.of("an index that is not there", frame(1, 5, 1, 0xfe)),
        Arguments.of("Huffman padding", frame(1, 5, 1, 0x82, 0, 1, 'a', 0x82, 0x1f, 0xff)),
        Arguments.of("half a priority", frame(1, 0x25, 1, 0, 0)),
        Arguments.of("a priority of four bytes", frame(2, 0, 1, 0, 0, 0, 1)),
        Arguments.of("priority of stream 0", frame(2, 0, 0, 0, 0, 0, 1, 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("silentEnds")
  void aFaultOfTheConnectionEndsItInSilenceAsInGrpcGo(String name, byte[] bytes) {
    RawClient client = connect();
    client.send(bytes);
    assertEquals(List.of("closed"), client.frames());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWrongPrefaceIsNotAnswered(boolean strict) {
    RawClient client =
        new RawClient(
            KIT.system(), RawClient.settings(strict), echo, new ConnectionDrain(), () -> 1L);
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX".getBytes(StandardCharsets.US_ASCII));
    List<String> lines = client.until("closed");
    assertTrue(lines.stream().noneMatch(line -> line.startsWith("GOAWAY")), lines::toString);
  }

  /** What grpc-go overlooks. */
  static Stream<Arguments> overlooked() {
    return Stream.of(
        Arguments.of("an ack of nothing", join(frame(4, 1, 0), frame(4, 1, 0))),
        Arguments.of("data on an idle stream", data(1, true, BODY)),
        Arguments.of("a reset of an idle stream", frame(3, 0, 1, 0, 0, 0, 8)),
        Arguments.of("a window update of an idle stream", frame(8, 0, 1, 0, 0, 0, 1)),
        Arguments.of("a window that overflows", frame(8, 0, 0, 127, 255, 255, 255)),
        Arguments.of("a priority of its own", frame(2, 0, 1, 0, 0, 0, 1, 1)),
        Arguments.of("a push promise", frame(5, 4, 1, 0, 0, 0, 2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("overlooked")
  void grpcGoOverlooksWhatBelongsToNoStream(String name, byte[] bytes) {
    RawClient client = connect();
    client.send(bytes);
    assertEquals(List.of(), client.frames());
    client.send(client.get(9, "/"));
    assertEquals(List.of("HEADERS 9 :status=200", "DATA 9  end"), client.frames());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16_383, 16_777_216})
  void grpcGoOverlooksFrameSizesThatAreNone(int size) {
    RawClient client = connect();
    client.send(frame(4, 0, 0, 0, 5, size >> 24, size >> 16, size >> 8, size));
    assertEquals(List.of("SETTINGS ack"), client.frames());
  }

  @Test
  void anIllegalStreamIsExplainedInGrpcGosWords() {
    RawClient client = connect();
    client.send(client.post(5, "/hang"), frame(1, 5, 5, 0x82));
    assertEquals(
        List.of(
            "GOAWAY 5 PROTOCOL_ERROR received an illegal stream id: 5. headers frame:"
                + " [FrameHeader HEADERS flags=END_STREAM|END_HEADERS stream=5 len=1]",
            "closed"),
        client.frames());
  }
}
