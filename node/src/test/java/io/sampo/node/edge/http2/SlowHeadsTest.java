package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.edge.http2.frame.Frame;
import java.time.Duration;
import java.util.Arrays;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What has begun has to end; between that a client may be silent. */
class SlowHeadsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration SOON = Duration.ofMillis(30);
  private static final String GOODBYE = "GOAWAY 0 ENHANCE_YOUR_CALM head_too_slow";

  private final RawClient client =
      RawClient.connected(
          KIT.system(),
          new Http2Settings(100, false, new Http2Settings.KeepAliveSettings(0, 0, 0), SOON),
          new EchoHandler());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aBlockWithoutAnEndIsNotWaitedForForEver() {
    byte[] block = client.block(":method", "GET", ":scheme", "http", ":path", "/a");
    client.send(frame(Frame.HEADERS, 0, 1, block));
    assertEquals(GOODBYE, client.next());
    assertEquals("closed", client.next());
  }

  @Test
  void aFrameWhoseRestDoesNotComeIsNeither() {
    byte[] headers = client.get(1, "/a");
    client.send(Arrays.copyOf(headers, headers.length - 1));
    assertEquals(GOODBYE, client.next());
  }

  @Test
  void aPieceOfAFramesHeadIsEnough() {
    client.send(new byte[] {0});
    assertEquals(GOODBYE, client.next());
  }

  /** Told by another connection whose time runs out later. */
  @Test
  void whoIsSilentBetweenFramesOrInDataStays() {
    byte[] data = RawClient.data(1, false, new byte[100]);
    client.send(client.post(1, "/a"), Arrays.copyOf(data, 50));
    RawClient later =
        RawClient.connected(
            KIT.system(),
            new Http2Settings(
                100, false, new Http2Settings.KeepAliveSettings(0, 0, 0), SOON.multipliedBy(4)),
            new EchoHandler());
    later.send(new byte[] {0});
    later.until("closed");
    client.send(Arrays.copyOfRange(data, 50, data.length));
    assertEquals(false, client.frames().contains("closed"));
  }
}
