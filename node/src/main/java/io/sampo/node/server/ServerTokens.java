package io.sampo.node.server;

import io.sampo.node.auth.TokenOptionsException;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.auth.TokenSettings;
import io.sampo.node.auth.Tokens;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens of a node, opened before anything is written, with etcd's lines. */
public final class ServerTokens {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTokens.class);

  private ServerTokens() {}

  /**
   * Reads the keys, if there are any.
   *
   * @throws ConfigException if they, or the flags, cannot be used
   */
  public static TokenProvider open(NodeConfig.Auth auth, SystemSources sources)
      throws ConfigException {
    try {
      return Tokens.open(
          TokenSettings.of(auth.token(), auth.tokenTtlSeconds()),
          new Tokens.Sources(sources.nanoTime(), sources.currentMillis(), sources.secrets()));
    } catch (TokenOptionsException e) {
      LOG.atWarn().addKeyValue("error", e.getMessage()).log("failed to create token provider");
      throw new ConfigException(ConfigException.Report.START, e.getMessage(), e);
    }
  }
}
