package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.typesafe.config.Config;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.Test;

class PekkoSettingsTest {

  @Test
  void aSystemStartsFromThemAndStreamsShareTheActorsThreads() {
    Config config = PekkoSettings.load().resolve();
    ActorTestKit testKit = ActorTestKit.create("settings", config);
    try {
      assertSame(
          testKit.system().dispatchers().lookup(DispatcherSelector.defaultDispatcher()),
          testKit
              .system()
              .dispatchers()
              .lookup(DispatcherSelector.fromConfig("pekko.actor.internal-dispatcher")));
    } finally {
      testKit.shutdownTestKit();
    }
  }

  @Test
  void theFileWinsOverTheLibraries() {
    Config config = PekkoSettings.load().resolve();
    assertEquals("on", config.getString("pekko.http.server.enable-http2"));
    assertEquals(1, config.getBytes("pekko.http.server.http2.min-collect-strict-entity-size"));
    assertEquals("infinite", config.getString("pekko.http.server.idle-timeout"));
    assertEquals("60 s", config.getString("pekko.http.server.bind-timeout"));
    assertEquals(false, config.getBoolean("pekko.actor.allow-java-serialization"));
  }
}
