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
    assertEquals("", config.getString("pekko.http.server.server-header"));
    assertEquals("infinite", config.getString("pekko.http.server.request-timeout"));
    assertEquals(false, config.getBoolean("pekko.actor.allow-java-serialization"));
  }
}
