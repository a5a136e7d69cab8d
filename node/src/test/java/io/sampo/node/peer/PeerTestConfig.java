package io.sampo.node.peer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sampo.node.boot.PekkoSettings;

/** What a node runs with. */
public final class PeerTestConfig {
  private PeerTestConfig() {}

  public static Config load() {
    return PekkoSettings.load().withFallback(ConfigFactory.load()).resolve();
  }
}
