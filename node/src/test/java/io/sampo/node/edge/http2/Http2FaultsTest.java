package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.frame;
import static io.sampo.node.edge.http2.RawClient.join;
import static io.sampo.node.edge.http2.RawClient.many;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients do wrong: the stream or the connection ends, with the code that RFC 9113 names. */
class Http2FaultsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final byte[] BODY = "body".getBytes(StandardCharsets.US_ASCII);

  private final EchoHandler echo = new EchoHandler();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private RawClient connect(boolean strict) {
    return RawClient.connected(KIT.system(), RawClient.settings(strict), echo);
  }

  /** What is sent on a fresh strict connection, and what comes back: part 1. */
  static Stream<Arguments> faults1() {
    return Stream.of(
        fault("data on stream 0", c -> data(0, true, BODY), "PROTOCOL_ERROR", true),
        fault("data on an idle stream", c -> data(1, true, BODY), "PROTOCOL_ERROR", true),
        fault("headers on stream 0", c -> c.get(0, "/"), "PROTOCOL_ERROR", true),
        fault("headers on an even stream", c -> c.get(2, "/"), "PROTOCOL_ERROR", true),
        fault("a lower stream", c -> join(c.get(5, "/"), c.get(3, "/")), "PROTOCOL_ERROR", true),
        fault(
            "headers on a closed stream",
            c -> join(c.get(1, "/"), c.get(1, "/")),
            "PROTOCOL_ERROR",
            true),
        fault("padding above the payload", c -> frame(0, 8, 1, 5, 0), "PROTOCOL_ERROR", true),
        fault(
            "a third state of CONNECT",
            c -> frame(4, 0, 0, 0, 8, 0, 0, 0, 2),
            "PROTOCOL_ERROR",
            true),
        fault(
            "an ack of nothing", c -> join(frame(4, 1, 0), frame(4, 1, 0)), "PROTOCOL_ERROR", true),
        fault(
            "a priority of four bytes", c -> frame(2, 0, 1, 0, 0, 0, 1), "FRAME_SIZE_ERROR", true),
        fault(
            "a frame above 1 MiB",
            c -> data(1, true, new byte[(1 << 20) + 1]),
            "FRAME_SIZE_ERROR",
            true),
        fault("a reset of an idle stream", c -> frame(3, 0, 1, 0, 0, 0, 8), "PROTOCOL_ERROR", true),
        fault("a reset of stream 0", c -> frame(3, 0, 0, 0, 0, 0, 8), "PROTOCOL_ERROR", true),
        fault("a short reset", c -> frame(3, 0, 1, 0, 0, 8), "FRAME_SIZE_ERROR", true),
        fault("settings on a stream", c -> frame(4, 0, 1), "PROTOCOL_ERROR", true),
        fault(
            "settings of five bytes", c -> frame(4, 0, 0, 0, 1, 0, 0, 0), "FRAME_SIZE_ERROR", true),
        fault(
            "an ack with settings",
            c -> frame(4, 1, 0, 0, 1, 0, 0, 0, 0),
            "FRAME_SIZE_ERROR",
            true),
        fault(
            "push that is neither", c -> frame(4, 0, 0, 0, 2, 0, 0, 0, 2), "PROTOCOL_ERROR", true),
        fault(
            "a window above 2^31-1",
            c -> frame(4, 0, 0, 0, 4, 128, 0, 0, 0),
            "FLOW_CONTROL_ERROR",
            true),
        fault("frames too small", c -> frame(4, 0, 0, 0, 5, 0, 0, 63, 255), "PROTOCOL_ERROR", true),
        fault("frames too large", c -> frame(4, 0, 0, 0, 5, 1, 0, 0, 0), "PROTOCOL_ERROR", true),
        fault("a push promise", c -> frame(5, 4, 1, 0, 0, 0, 2), "PROTOCOL_ERROR", true),
        fault(
            "a ping on a stream",
            c -> frame(6, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
            "PROTOCOL_ERROR",
            true),
        fault("a short ping", c -> frame(6, 0, 0, 0), "FRAME_SIZE_ERROR", true));
  }

  /** What is sent on a fresh strict connection, and what comes back: part 2. */
  static Stream<Arguments> faults2() {
    return Stream.of(
        fault(
            "a goaway on a stream",
            c -> frame(7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
            "PROTOCOL_ERROR",
            true),
        fault("a window update of 0", c -> frame(8, 0, 0, 0, 0, 0, 0), "PROTOCOL_ERROR", true),
        fault("a short window update", c -> frame(8, 0, 0, 0, 0, 1), "FRAME_SIZE_ERROR", true),
        fault(
            "a window update of an idle stream",
            c -> frame(8, 0, 1, 0, 0, 0, 1),
            "PROTOCOL_ERROR",
            true),
        fault(
            "a window that overflows",
            c -> frame(8, 0, 0, 127, 255, 255, 255),
            "FLOW_CONTROL_ERROR",
            true),
        fault("a continuation of nothing", c -> frame(9, 4, 1, 0x82), "PROTOCOL_ERROR", true),
        fault(
            "another frame in a header block",
            c -> join(frame(1, 1, 1, 0x82), data(1, true, BODY)),
            "PROTOCOL_ERROR",
            true),
        fault(
            "a continuation of another stream",
            c -> join(frame(1, 1, 1, 0x82), frame(9, 4, 3, 0x84)),
            "PROTOCOL_ERROR",
            true),
        fault("an index that is not there", c -> frame(1, 5, 1, 0xfe), "COMPRESSION_ERROR", true),
        fault(
            "a block that ends in the midst",
            c -> frame(1, 5, 1, 0x41, 0x05),
            "COMPRESSION_ERROR",
            true),
        fault(
            "a table size update behind a field",
            c -> frame(1, 5, 1, 0x82, 0x20),
            "COMPRESSION_ERROR",
            true),
        fault(
            "a table above what we allow",
            c -> frame(1, 5, 1, 0x3f, 0xe2, 0x1f, 0x82),
            "COMPRESSION_ERROR",
            true),
        fault("priority of stream 0", c -> frame(2, 0, 0, 0, 0, 0, 1, 1), "PROTOCOL_ERROR", true),
        fault(
            "capitals",
            c -> c.headers(1, true, ":method", "GET", ":path", "/", "X-A", "b"),
            "PROTOCOL_ERROR",
            true),
        fault("an empty name", c -> literal(c, "", "b"), "PROTOCOL_ERROR", true));
  }

  /** What is sent on a fresh strict connection, and what comes back: part 3. */
  static Stream<Arguments> faults3() {
    return Stream.of(
        fault(
            "a line feed",
            c -> c.headers(1, true, ":method", "GET", "a", "b\nc"),
            "PROTOCOL_ERROR",
            true),
        fault(
            "an unknown pseudo-header",
            c -> c.headers(1, true, ":method", "GET", ":x", "/"),
            "PROTOCOL_ERROR",
            true),
        fault(
            "a pseudo-header of answers",
            c -> c.headers(1, true, ":method", "GET", ":status", "200"),
            "PROTOCOL_ERROR",
            true),
        fault(
            "a pseudo-header behind a field",
            c -> c.headers(1, true, ":method", "GET", "a", "b", ":path", "/"),
            "PROTOCOL_ERROR",
            true),
        fault(
            "two methods",
            c -> c.headers(1, true, ":method", "GET", ":method", "GET"),
            "PROTOCOL_ERROR",
            true),
        fault("padding above a head", c -> frame(1, 0x0d, 1, 9, 0x82), "PROTOCOL_ERROR", false),
        fault(
            "a user in the authority",
            c ->
                c.headers(
                    1,
                    true,
                    ":method",
                    "GET",
                    ":scheme",
                    "http",
                    ":authority",
                    "a@b",
                    ":path",
                    "/"),
            "PROTOCOL_ERROR",
            false));
  }

  /** What is sent on a fresh strict connection, and what comes back: part 4. */
  static Stream<Arguments> faults4() {
    return Stream.of(
        fault(
            "a length that is no number",
            c ->
                join(
                    c.headers(
                        1,
                        false,
                        ":method",
                        "POST",
                        ":scheme",
                        "http",
                        ":path",
                        "/hang",
                        "content-length",
                        "x"),
                    data(1, true, BODY)),
            "PROTOCOL_ERROR",
            false),
        fault(
            "its own dependency",
            c -> frame(1, 0x25, 1, 0, 0, 0, 1, 1, 0x82, 0x84, 0x86),
            "PROTOCOL_ERROR",
            false),
        fault(
            "a priority of its own",
            c -> join(c.post(1, "/hang"), frame(2, 0, 1, 0, 0, 0, 1, 1)),
            "PROTOCOL_ERROR",
            false),
        fault(
            "data behind the end",
            c -> join(c.get(1, "/hang"), data(1, true, BODY)),
            "STREAM_CLOSED",
            false),
        fault(
            "headers behind the end",
            c -> join(c.get(1, "/hang"), c.get(1, "/")),
            "STREAM_CLOSED",
            false),
        fault(
            "data behind a reset",
            c -> join(c.post(1, "/hang"), frame(3, 0, 1, 0, 0, 0, 8), data(1, true, BODY)),
            "STREAM_CLOSED",
            false),
        fault(
            "headers behind a reset",
            c -> join(c.post(1, "/hang"), frame(3, 0, 1, 0, 0, 0, 8), c.get(1, "/")),
            "STREAM_CLOSED",
            false));
  }

  /** What is sent on a fresh strict connection, and what comes back: part 5. */
  static Stream<Arguments> faults5() {
    return Stream.of(
        fault(
            "trailers without an end",
            c -> join(c.post(1, "/hang"), c.headers(1, false, "a", "b")),
            "PROTOCOL_ERROR",
            false),
        fault(
            "a pseudo-header in trailers",
            c -> join(c.post(1, "/hang"), c.get(1, "/")),
            "PROTOCOL_ERROR",
            false),
        fault(
            "a window update of 0 for a stream",
            c -> join(c.post(1, "/hang"), frame(8, 0, 1, 0, 0, 0, 0)),
            "PROTOCOL_ERROR",
            false),
        fault("0 for an idle stream", c -> frame(8, 0, 1, 0, 0, 0, 0), "PROTOCOL_ERROR", false),
        fault(
            "a stream's window that overflows",
            c -> join(c.post(1, "/hang"), frame(8, 0, 1, 127, 255, 255, 255)),
            "FLOW_CONTROL_ERROR",
            false),
        fault(
            "more than the stream's window",
            c -> join(c.post(1, "/hang"), many(65, data(1, false, new byte[16_384]))),
            "FLOW_CONTROL_ERROR",
            false),
        fault("a handler that throws", c -> c.get(1, "/broken"), "INTERNAL_ERROR", false));
  }

  private static Arguments fault(
      String name, Function<RawClient, byte[]> bytes, String code, boolean connection) {
    return Arguments.of(name, bytes, code, connection);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource({"faults1", "faults2", "faults3", "faults4", "faults5"})
  void eachFaultEndsWhatItMust(
      String name, Function<RawClient, byte[]> bytes, String code, boolean connection) {
    RawClient client = connect(true);
    client.send(bytes.apply(client));
    List<String> lines = client.frames();
    if (connection) {
      assertEquals("closed", lines.get(lines.size() - 1));
      String goAway = lines.get(lines.size() - 2);
      assertTrue(goAway.matches("GOAWAY \\d+ " + code + " .*"), goAway);
    } else {
      assertTrue(lines.contains("RST_STREAM 1 " + code), lines::toString);
      client.send(client.get(9, "/"));
      assertEquals(List.of("HEADERS 9 :status=200", "DATA 9  end"), client.frames());
    }
  }

  @Test
  void aStrictGoAwayNamesTheStreamThatWasRead() {
    RawClient client = connect(true);
    client.send(frame(1, 5, 7, 0xfe));
    assertTrue(client.frames().get(0).startsWith("GOAWAY 7 COMPRESSION_ERROR "));
  }

  @Test
  void aStrictConnectionClosesBehindItsClientsGoAway() {
    RawClient client = connect(true);
    client.send(client.post(1, "/"), frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    client.send(client.get(3, "/"), data(1, true, BODY));
    assertEquals(
        List.of(
            "GOAWAY 1 NO_ERROR graceful_stop",
            "HEADERS 1 :status=200",
            "DATA 1 body",
            "DATA 1  end",
            "closed"),
        client.until("closed"));
  }

  private static byte[] literal(RawClient client, String name, String value) {
    byte[] field = new byte[3 + name.length() + value.length()];
    field[1] = (byte) name.length();
    System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, field, 2, name.length());
    field[2 + name.length()] = (byte) value.length();
    System.arraycopy(
        value.getBytes(StandardCharsets.US_ASCII), 0, field, 3 + name.length(), value.length());
    return frame(1, 5, 1, join(client.block(":method", "GET", ":path", "/"), field));
  }

  /** Frames that cost a client nothing. */
  static Stream<Arguments> floods() {
    return Stream.of(
        Arguments.of(
            "empty continuations",
            (Function<RawClient, byte[]>)
                c -> join(frame(1, 1, 1, 0x82), many(300, frame(9, 0, 1)))),
        Arguments.of(
            "continuations of a mebibyte",
            (Function<RawClient, byte[]>)
                c -> join(frame(1, 1, 1, 0x82), many(65, frame(9, 0, 1, new byte[16_384])))),
        Arguments.of("settings", (Function<RawClient, byte[]>) c -> many(200, frame(4, 0, 0))),
        Arguments.of(
            "empty data",
            (Function<RawClient, byte[]>)
                c -> join(c.post(1, "/"), many(2_000, data(1, false, new byte[0])))),
        Arguments.of(
            "window updates",
            (Function<RawClient, byte[]>) c -> many(11_000, frame(8, 0, 0, 0, 0, 0, 1))),
        Arguments.of(
            "priorities",
            (Function<RawClient, byte[]>) c -> many(3_000, frame(2, 0, 1, 0, 0, 0, 3, 1))),
        Arguments.of(
            "unknown frames", (Function<RawClient, byte[]>) c -> many(3_000, frame(0xee, 0, 1, 0))),
        Arguments.of(
            "resets",
            (Function<RawClient, byte[]>)
                c -> {
                  byte[][] pieces = new byte[6_000][];
                  for (int i = 0; i < 3_000; i++) {
                    pieces[2 * i] = c.post(2 * i + 1, "/hang");
                    pieces[2 * i + 1] = frame(3, 0, 2 * i + 1, 0, 0, 0, 8);
                  }
                  return join(pieces);
                }),
        Arguments.of(
            "requests that make us reset",
            (Function<RawClient, byte[]>)
                c -> {
                  byte[][] pieces = new byte[6_000][];
                  for (int i = 0; i < 3_000; i++) {
                    pieces[2 * i] = c.post(2 * i + 1, "/hang");
                    pieces[2 * i + 1] = frame(8, 0, 2 * i + 1, 0, 0, 0, 0);
                  }
                  return join(pieces);
                }),
        Arguments.of(
            "pings",
            (Function<RawClient, byte[]>) c -> many(4, frame(6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void aFloodIsToldToCalmDown(String name, Function<RawClient, byte[]> flood) {
    RawClient client = connect(false);
    client.send(flood.apply(client));
    List<String> lines = client.until("closed");
    String goAway = lines.get(lines.size() - 2);
    assertTrue(goAway.contains("ENHANCE_YOUR_CALM"), goAway);
    if (name.equals("pings")) {
      assertTrue(goAway.endsWith(" too_many_pings"), goAway);
    }
  }
}
