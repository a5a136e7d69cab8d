package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import java.util.List;
import java.util.Map;

/** What the parts of a node are made of when it is started with flags. */
final class FlaggedNode {
  private FlaggedNode() {}

  static NodeConfig config(List<String> flags) {
    return assertInstanceOf(Boot.Outcome.Start.class, Boot.read(flags, Map.of())).config();
  }

  static NodeConfig config(String... flags) {
    return config(List.of(flags));
  }
}
