package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.frame;
import static io.sampo.node.edge.http2.RawClient.join;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.edge.http2.frame.Frame;
import io.sampo.node.edge.http2.frame.FrameReader;
import io.sampo.node.edge.http2.frame.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class Http2ConnectionTest {
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

  @Test
  void aConnectionBeginsWithOurSettings() {
    RawClient client = raw(() -> 0);
    assertEquals("SETTINGS", client.next());
    assertEquals("WINDOW_UPDATE 0 " + ((1 << 20) - 65_535), client.next());
    client.send(FrameReader.PREFACE, frame(Frame.SETTINGS, 0, 0));
    assertEquals("SETTINGS ack", client.next());
  }

  private RawClient raw(java.util.function.LongSupplier clock) {
    return new RawClient(
        KIT.system(), RawClient.settings(false), echo, new ConnectionDrain(), clock);
  }

  @Test
  void requestsAreAnswered() {
    RawClient client = connect();
    client.send(client.get(1, "/"), client.post(3, "/"), data(3, false, BODY), data(3, true, BODY));
    assertEquals(
        List.of(
            "HEADERS 1 :status=200",
            "DATA 1  end",
            "HEADERS 3 :status=200",
            "DATA 3 bodybody",
            "DATA 3  end"),
        client.frames());
  }

  @Test
  void whatIsOddButHarmlessIsServed() {
    RawClient client = connect();
    int id = 1;
    for (String authority :
        List.of(
            "/run/etcd.sock",
            "#initially=[http://127.0.0.1:2379]",
            "[fe80::1%25eth0]:2379",
            "a:",
            "")) {
      for (String path : List.of("/a#b", "/a b", "/%zz", "/a|b", "a")) {
        client.send(
            client.headers(
                id,
                true,
                ":method",
                "GET",
                ":authority",
                authority,
                ":path",
                path,
                "te",
                "gzip",
                "content-length",
                "x"));
        assertEquals(
            List.of("HEADERS " + id + " :status=200", "DATA " + id + "  end"), client.frames());
        id += 2;
      }
    }
    client.send(frame(0xbe, 0, 7, 1, 2, 3), frame(Frame.PRIORITY, 0, 99, 0, 0, 0, 1, 1));
    assertEquals(List.of(), client.frames());
  }

  @Test
  void paddingAndPriorityAreNoData() {
    RawClient client = connect();
    byte[] block = client.block(":method", "POST", ":path", "/");
    byte[] padded = join(new byte[] {2, 0, 0, 0, 0, 9}, block, new byte[2]);
    client.send(
        frame(Frame.HEADERS, Frame.PADDED | Frame.PRIORITY_FLAG | Frame.END_HEADERS, 1, padded),
        frame(Frame.DATA, Frame.PADDED | Frame.END_STREAM, 1, 1, 'x', 0));
    assertEquals(List.of("HEADERS 1 :status=200", "DATA 1 x", "DATA 1  end"), client.frames());
  }

  @Test
  void trailersEndARequest() {
    RawClient client = RawClient.connected(KIT.system(), RawClient.settings(true), echo);
    client.send(client.post(1, "/"), data(1, false, BODY), client.headers(1, true, "a", "b"));
    assertEquals(List.of("HEADERS 1 :status=200", "DATA 1 body", "DATA 1  end"), client.frames());
  }

  @Test
  void streamsAboveTheLimitAreRefused() {
    RawClient client = connect();
    for (int i = 0; i < 100; i++) {
      client.send(client.post(2 * i + 1, "/hang"));
    }
    client.send(client.get(201, "/"));
    assertEquals(List.of("RST_STREAM 201 REFUSED_STREAM"), client.frames());
  }

  @Test
  void fourThousandFieldsAreServedAndOneMebibyteIsNot() {
    RawClient client = connect();
    List<String> fields = new ArrayList<>(List.of(":method", "GET", ":path", "/"));
    for (int i = 0; i < 4_100; i++) {
      fields.addAll(List.of("name-" + i, "v"));
    }
    byte[] block = client.block(fields.toArray(String[]::new));
    client.send(inFrames(1, block));
    assertEquals(List.of("HEADERS 1 :status=200", "DATA 1  end"), client.frames());
    // 300 fields that the table holds: 200 bytes of block say more than a mebibyte.
    byte[] large = client.block("large", "x".repeat(3_500));
    byte[] again = client.block("large", "x".repeat(3_500));
    assertEquals(1, again.length);
    byte[] bomb = new byte[400];
    Arrays.fill(bomb, again[0]);
    client.send(inFrames(3, join(client.block(":method", "GET", ":path", "/"), large, bomb)));
    assertEquals(List.of("RST_STREAM 3 FRAME_SIZE_ERROR"), client.frames());
    client.send(client.get(5, "/"));
    assertEquals(List.of("HEADERS 5 :status=200", "DATA 5  end"), client.frames());
  }

  private static byte[] inFrames(int id, byte[] block) {
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < block.length || at == 0; at += 16_384) {
      byte[] part = Arrays.copyOfRange(block, at, Math.min(block.length, at + 16_384));
      int last = at + 16_384 >= block.length ? Frame.END_HEADERS : 0;
      frames.add(
          at == 0
              ? frame(Frame.HEADERS, Frame.END_STREAM | last, id, part)
              : frame(Frame.CONTINUATION, last, id, part));
    }
    return join(frames.toArray(byte[][]::new));
  }

  @Test
  void aClientThatLeavesCancelsWhatWaits() {
    RawClient client = connect();
    client.send(client.post(1, "/hang"), frame(3, 0, 1, 0, 0, 0, 8), client.post(3, "/hang"));
    client.frames();
    assertEquals(List.of("/hang"), echo.cancelled);
    client.end();
    client.until("closed");
    assertEquals(List.of("/hang", "/hang"), echo.cancelled);
  }

  @Test
  void anAnswerMayComeFromAnyThread() throws Exception {
    RawClient client = connect();
    client.send(client.get(1, "/hang"));
    client.frames();
    Http2Stream stream = echo.hanging.get(0);
    Thread other =
        new Thread(() -> stream.execute(() -> stream.answer(ResponseHead.of(":status", "204"))));
    other.start();
    other.join();
    assertEquals(List.of("HEADERS 1 :status=204 end"), client.until("HEADERS"));
  }

  @Test
  void manyAnswersFitThroughTinyWindows() {
    RawClient client = raw(() -> 0);
    client.send(FrameReader.PREFACE, frame(Frame.SETTINGS, 0, 0, 0, 4, 0, 0, 0, 1));
    client.frames();
    int streams = 20;
    for (int i = 0; i < streams; i++) {
      client.send(client.post(2 * i + 1, "/"), data(2 * i + 1, true, BODY));
    }
    StringBuilder bodies = new StringBuilder();
    int ended = 0;
    while (ended < streams) {
      String line = client.next();
      if (line.startsWith("DATA") && line.endsWith("end")) {
        ended++;
      } else if (line.startsWith("DATA")) {
        int id = Integer.parseInt(line.split(" ")[1]);
        bodies.append(line.split(" ")[2]);
        client.send(frame(8, 0, id, 0, 0, 0, 1));
      }
    }
    assertEquals(streams * BODY.length, bodies.length());
  }

  @Test
  void aWindowThatShrinksBelowZeroHoldsBackData() {
    RawClient client = connect();
    byte[] large = new byte[16_000];
    client.send(client.post(1, "/"));
    for (int i = 0; i < 5; i++) {
      client.send(data(1, i == 4, large));
      client.send(frame(8, 0, 0, 0, 0, 1, 0));
    }
    int got = 0;
    List<String> lines = client.frames();
    for (String line : lines) {
      got += line.startsWith("DATA") ? Integer.parseInt(line.split(" ")[2]) : 0;
    }
    assertEquals(65_535, got);
    client.send(frame(Frame.SETTINGS, 0, 0, 0, 4, 0, 0, 0, 0), frame(8, 0, 1, 0, 0, 255, 255));
    assertEquals(List.of("SETTINGS ack"), client.frames());
    client.send(frame(8, 0, 1, 0, 0, 0, 1));
    assertEquals(List.of("DATA 1 \0"), client.frames());
    client.send(frame(8, 0, 0, 0, 0, 255, 255), frame(8, 0, 1, 0, 0, 255, 255));
    assertEquals(List.of("DATA 1 14464", "DATA 1  end"), client.frames());
  }

  @Test
  void drainingFinishesWhatIsUnderWay() throws Exception {
    ConnectionDrain drain = new ConnectionDrain();
    RawClient client = new RawClient(KIT.system(), RawClient.settings(false), echo, drain, () -> 0);
    client.send(FrameReader.PREFACE, frame(Frame.SETTINGS, 0, 0), client.post(1, "/"));
    client.frames();
    var ended = drain.drain().toCompletableFuture();
    assertEquals("GOAWAY 2147483647 NO_ERROR graceful_stop", client.next());
    assertEquals("PING draining", client.next());
    client.send(client.post(3, "/"));
    client.send(frame(6, 1, 0, 'd', 'r', 'a', 'i', 'n', 'i', 'n', 'g'));
    assertEquals("GOAWAY 3 NO_ERROR graceful_stop", client.next());
    client.send(client.get(5, "/"), data(1, true, BODY), data(3, true, BODY));
    List<String> lines = client.until("closed");
    assertEquals(7, lines.size(), lines::toString);
    client.end();
    ended.get(10, TimeUnit.SECONDS);
  }

  @Test
  void whatIsLeftAfterDrainingIsCutOff() throws Exception {
    ConnectionDrain drain = new ConnectionDrain();
    RawClient client = new RawClient(KIT.system(), RawClient.settings(false), echo, drain, () -> 0);
    client.send(FrameReader.PREFACE, frame(Frame.SETTINGS, 0, 0), client.post(1, "/hang"));
    client.frames();
    var ended = drain.drain().toCompletableFuture();
    drain.kill();
    ended.get(10, TimeUnit.SECONDS);
    assertEquals(List.of("/hang"), echo.cancelled);
  }

  @Test
  void aSilentClientIsPingedAndThenLeft() {
    AtomicLong clock = new AtomicLong();
    var settings =
        new Http2Settings(
            100,
            false,
            new Http2Settings.KeepAliveSettings(
                Duration.ofMillis(30).toNanos(), Duration.ofMillis(30).toNanos(), 1));
    RawClient client =
        new RawClient(KIT.system(), settings, echo, new ConnectionDrain(), clock::get);
    List<String> lines = client.until("closed");
    assertEquals(
        List.of("SETTINGS", "PING \0\0\0\0\0\0\0\0", "closed"),
        List.of(lines.get(0), lines.get(2), lines.get(3)));
  }

  @Test
  void aClientWithARequestMayPingAsOftenAsItIsAllowedAndNoMoreOften() {
    AtomicLong clock = new AtomicLong();
    long least = Duration.ofSeconds(1).toNanos();
    var settings = new Http2Settings(100, false, new Http2Settings.KeepAliveSettings(0, 0, least));
    RawClient client =
        new RawClient(KIT.system(), settings, echo, new ConnectionDrain(), clock::get);
    client.send(FrameReader.PREFACE, frame(Frame.SETTINGS, 0, 0), client.post(1, "/hang"));
    client.frames();
    for (int i = 0; i < 10; i++) {
      clock.addAndGet(least);
      assertEquals(List.of(), client.frames());
    }
    for (int i = 0; i < 2; i++) {
      clock.addAndGet(least - 1);
      assertEquals(List.of(), client.frames());
    }
    clock.addAndGet(least - 1);
    client.send(frame(Frame.PING, 0, 0, new byte[8]));
    List<String> lines = client.until("closed");
    assertTrue(lines.get(lines.size() - 2).endsWith("CALM too_many_pings"), lines::toString);
  }

  @Test
  void aGreetingThatIsNoneEndsTheConnection() {
    RawClient client = raw(() -> 0);
    client.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertEquals(3, client.until("closed").size());
    RawClient other = raw(() -> 0);
    other.send(FrameReader.PREFACE, other.get(1, "/"));
    assertEquals(3, other.until("closed").size());
  }
}
