package io.sampo.node.boot;

import static io.sampo.node.boot.flag.ConfigException.Report.PLAIN;
import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;
import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.CommandLine;
import io.sampo.node.boot.flag.CommandLine.BadCommandLineException;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.ConfigFile;
import io.sampo.node.boot.flag.Environment;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FlagTable;
import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.boot.flag.Notice;
import io.sampo.node.logging.LoggingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * What a command line and an environment come to. It touches nothing but the configuration file:
 * what it finds out is a value, and {@link Main} acts on it.
 */
public final class Boot {
  private static final long MIN_RAFT_TIMEOUT_NANOS = 5_000_000_000L;
  private static final String DEFAULT_INITIAL_CLUSTER = "default=http://localhost:2380";

  private final FlagValues values = new FlagValues(FlagTable.etcd());
  private final List<Notice> notices = new ArrayList<>();
  private LoggingSettings log = LoggingSettings.UNCHANGED;

  private Boot() {}

  /** What to do. */
  public sealed interface Outcome {
    /** {@code --help} was asked for. */
    record Help() implements Outcome {}

    /** {@code --version} was asked for. */
    record Version() implements Outcome {}

    /** No node: say why and exit with 1. */
    record Refused(ConfigException reason, LoggingSettings log, List<Notice> notices)
        implements Outcome {}

    /** Start this node. */
    record Start(NodeConfig config, List<Notice> notices) implements Outcome {}
  }

  /** Reads arguments (without the program's name) and variables. */
  public static Outcome read(List<String> arguments, Map<String, String> environment) {
    Boot boot = new Boot();
    try {
      CommandLine.Outcome commandLine = CommandLine.parse(arguments, boot.values);
      if (commandLine.help()) {
        return new Outcome.Help();
      }
      if (!commandLine.rest().isEmpty()) {
        throw new ConfigException(
            VERIFY, quote(commandLine.rest().get(0)) + " is not a valid flag");
      }
      if (boot.values.bool("version")) {
        return new Outcome.Version();
      }
      NodeConfig config = boot.configure(environment);
      return new Outcome.Start(config, boot.notices);
    } catch (BadCommandLineException e) {
      ConfigException reason = new ConfigException(PLAIN, e.getMessage(), e);
      return new Outcome.Refused(reason, boot.log, boot.notices);
    } catch (ConfigException e) {
      return new Outcome.Refused(e, boot.log, boot.notices);
    }
  }

  private NodeConfig configure(Map<String, String> environment) throws ConfigException {
    String file = values.string("config-file");
    if (file.isEmpty()) {
      file = environment.getOrDefault("ETCD_CONFIG_FILE", "");
    }
    FlagValues chosen = file.isEmpty() ? fromFlags(environment) : fromFile(Path.of(file));
    log = LogFlags.settings(chosen);
    notices.addAll(ConfigRules.check(chosen));
    if (!file.isEmpty()) {
      notices.add(
          Notice.of(
              Level.INFO,
              "loaded server configuration, other configuration command line flags and environment"
                  + " variables will be ignored if provided",
              "path",
              file));
    }
    warnOfDeprecated(chosen);
    notices.addAll(WithoutEffect.notices(chosen));
    fillDefaults(chosen);
    return NodeConfigs.of(chosen, log, notices);
  }

  private FlagValues fromFlags(Map<String, String> environment) throws ConfigException {
    notices.addAll(Environment.apply(environment, values));
    for (String flag : List.of("raft-read-timeout", "raft-write-timeout")) {
      if (values.number(flag) < MIN_RAFT_TIMEOUT_NANOS) {
        values.override(flag, MIN_RAFT_TIMEOUT_NANOS);
        notices.add(Notice.of(Level.INFO, flag + " increased to minimum value: 5s"));
      }
    }
    if (values.isSet("listen-client-urls") && !values.isSet("advertise-client-urls")) {
      values.override("advertise-client-urls", List.of());
    }
    boolean discovers =
        !values.string("discovery-srv").isEmpty()
            || !values.string("discovery-srv-name").isEmpty()
            || !values.strings("discovery-endpoints").isEmpty();
    if (discovers && !values.isSet("initial-cluster")) {
      values.override("initial-cluster", "");
    }
    if (values.string("discovery-fallback").equals("proxy")) {
      throw new ConfigException(
          VERIFY,
          "v2 proxy is deprecated, and --discovery-fallback can't be configured as \"proxy\"");
    }
    return values;
  }

  private FlagValues fromFile(Path file) throws ConfigException {
    FlagValues fromFile = new FlagValues(FlagTable.etcd());
    notices.addAll(ConfigFile.apply(file, fromFile));
    boolean discovers =
        !fromFile.string("discovery-srv").isEmpty()
            || !fromFile.strings("discovery-endpoints").isEmpty();
    if (discovers && fromFile.string("initial-cluster").equals(DEFAULT_INITIAL_CLUSTER)) {
      fromFile.override("initial-cluster", "");
    }
    return fromFile;
  }

  private void warnOfDeprecated(FlagValues chosen) {
    if (chosen.isSet("max-snapshots")) {
      notices.add(
          Notice.of(
              Level.WARN,
              "--max-snapshots is deprecated in 3.6 and will be decommissioned in 3.8."));
    }
    if (chosen.isSet("v2-deprecation")) {
      notices.add(
          Notice.of(
              Level.WARN,
              "--v2-deprecation is deprecated and scheduled for removal in v3.8. The default value"
                  + " is enforced, ignoring user input."));
    }
  }

  /**
   * A node that listens everywhere cannot advertise "localhost"; one that is only named is its own
   * cluster.
   */
  private void fillDefaults(FlagValues chosen) {
    advertise(chosen, "listen-peer-urls", "initial-advertise-peer-urls");
    String name = chosen.string("name");
    boolean isDefault = chosen.string("initial-cluster").equals(DEFAULT_INITIAL_CLUSTER);
    if (!name.equals("default") && isDefault) {
      List<EtcdUrl> peers = chosen.urls("initial-advertise-peer-urls");
      chosen.override("initial-cluster", InitialCluster.ofOne(name, peers));
    }
    advertise(chosen, "listen-client-urls", "advertise-client-urls");
  }

  private void advertise(FlagValues chosen, String listenFlag, String advertiseFlag) {
    EtcdUrl listen = chosen.urls(listenFlag).get(0);
    boolean isDefault = !chosen.differsFromDefault(chosen.table().get(advertiseFlag));
    if (!isDefault || !listen.host().equals("0.0.0.0")) {
      return;
    }
    Optional<String> address = HostNames.defaultAddress();
    if (address.isEmpty()) {
      notices.add(Notice.of(Level.INFO, "failed to detect default host"));
      return;
    }
    notices.add(
        Notice.of(Level.INFO, "detected default host for advertise", "host", address.get()));
    String port = listen.port();
    EtcdUrl url = new EtcdUrl("http://" + address.get() + ":" + port, "http", address.get(), port);
    chosen.override(advertiseFlag, List.of(url));
  }
}
