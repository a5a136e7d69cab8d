package io.sampo.node.server;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.NodeStarter;
import io.sampo.node.boot.SystemSources;

/** How the boot finds {@link Server}: through {@link java.util.ServiceLoader}. */
public final class ServerStarter implements NodeStarter {
  @Override
  public RunningNode start(NodeConfig config) throws Exception {
    return Server.start(config, SystemSources.real());
  }
}
