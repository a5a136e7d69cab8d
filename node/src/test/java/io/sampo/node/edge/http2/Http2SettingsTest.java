package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.edge.http2.frame.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What settings say, the server's and the client's. */
class Http2SettingsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final byte[] BODY = "body".getBytes(StandardCharsets.US_ASCII);

  private final EchoHandler echo = new EchoHandler();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** As Go's net/http, which serves etcd's ports with TLS. */
  @Test
  void aStrictConnectionTakesFramesOfOneMebibyteHoweverTheyAreCut() {
    RawClient client = RawClient.connected(KIT.system(), RawClient.settings(true), echo);
    byte[] unknown = frame(0x42, 0, 0, new byte[1 << 20]);
    for (int at = 0; at < unknown.length; at += 9_999) {
      client.send(Arrays.copyOfRange(unknown, at, Math.min(at + 9_999, unknown.length)));
    }
    client.send(client.post(1, "/hang"), data(1, false, new byte[1 << 20]), client.get(3, "/"));
    assertEquals(
        List.of("WINDOW_UPDATE 0 1048576", "HEADERS 3 :status=200", "DATA 3  end"),
        client.until("DATA 3  end"));
    client.send(data(1, false, new byte[1]));
    assertEquals("RST_STREAM 1 FLOW_CONTROL_ERROR", client.next());
  }

  /** Each of them touches every stream. */
  @Test
  void ofManyInitialWindowsInOneFrameTheLastCounts() {
    RawClient client = RawClient.connected(KIT.system(), RawClient.settings(false), echo);
    client.send(client.post(1, "/"), data(1, true, BODY));
    client.until("DATA 1  end");
    byte[] settings = new byte[6 * 2_700];
    for (int at = 0; at < settings.length; at += 6) {
      settings[at + 1] = 4;
      settings[at + 5] = (byte) (at == settings.length - 6 ? 2 : 1);
    }
    client.send(frame(Frame.SETTINGS, 0, 0, settings), client.post(3, "/"), data(3, true, BODY));
    assertEquals(
        List.of("SETTINGS ack", "HEADERS 3 :status=200", "DATA 3 bo"), client.until("DATA 3 bo"));
  }

  /** So many different ones that mean nothing. */
  private static byte[] settings(int count) {
    byte[] pairs = new byte[6 * count];
    for (int i = 0; i < count; i++) {
      pairs[6 * i + 1] = (byte) (100 + i);
    }
    return pairs;
  }

  private RawClient connect(boolean strict) {
    return RawClient.connected(KIT.system(), RawClient.settings(strict), echo);
  }

  @Test
  void aStrictConnectionTakesAHundredSettingsEachOnce() {
    RawClient client = connect(true);
    client.send(frame(Frame.SETTINGS, 0, 0, settings(100)));
    assertEquals("SETTINGS ack", client.next());
    client.send(frame(Frame.SETTINGS, 0, 0, settings(101)));
    assertEquals("GOAWAY 0 PROTOCOL_ERROR settings", client.next());

    RawClient twice = connect(true);
    twice.send(frame(Frame.SETTINGS, 0, 0, new byte[12]));
    assertEquals("GOAWAY 0 PROTOCOL_ERROR settings", twice.next());
  }

  @Test
  void anotherTakesWhatFitsIntoItsFrame() {
    RawClient client = connect(false);
    client.send(frame(Frame.SETTINGS, 0, 0, settings(101)));
    client.send(frame(Frame.SETTINGS, 0, 0, new byte[12]));
    assertEquals("SETTINGS ack", client.next());
    assertEquals("SETTINGS ack", client.next());
  }
}
