package io.sampo.node.boot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;

/** The settings of Pekko: {@code conf/sampo.conf} over the libraries' own. */
public final class PekkoSettings {
  private PekkoSettings() {}

  /**
   * System properties, then the file of the property {@code sampo.conf} or else the copy that is
   * built in, then the libraries' defaults; not resolved yet, so that a node can lay its own values
   * over it.
   *
   * @throws com.typesafe.config.ConfigException if the file is missing or malformed
   */
  public static Config load() {
    String file = System.getProperty("sampo.conf");
    ConfigParseOptions mustExist = ConfigParseOptions.defaults().setAllowMissing(false);
    Config chosen =
        file == null
            ? ConfigFactory.parseResources(
                PekkoSettings.class.getClassLoader(), "sampo.conf", mustExist)
            : ConfigFactory.parseFile(new File(file), mustExist);
    return ConfigFactory.defaultOverrides()
        .withFallback(chosen)
        .withFallback(ConfigFactory.defaultReferenceUnresolved());
  }
}
