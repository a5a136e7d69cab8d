package io.sampo.node.boot;

import static io.sampo.node.boot.flag.ConfigException.Report.START;
import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;
import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.FeatureGates.Gate;
import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.boot.flag.Notice;
import io.sampo.node.logging.DurationText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.event.Level;

/**
 * What must hold between the values of the flags, checked in the order of etcd 3.7.1 and refused
 * with its texts.
 */
public final class ConfigRules {
  private static final long MAX_ELECTION_MILLIS = 50_000;

  private final FlagValues values;
  private final List<Notice> notices = new ArrayList<>();

  private ConfigRules(FlagValues values) {
    this.values = values;
  }

  /** Checks everything; returns what to warn of. */
  static List<Notice> check(FlagValues values) throws ConfigException {
    ConfigRules rules = new ConfigRules(values);
    rules.checkUrls();
    rules.checkBootstrap();
    rules.checkTimes();
    rules.checkModes();
    rules.checkTls();
    return rules.notices;
  }

  private void checkUrls() throws ConfigException {
    checkBind("listen-peer-urls");
    checkBind("listen-client-urls");
    checkBind("listen-client-http-urls");
    if (values.urls("listen-client-http-urls").isEmpty()) {
      warn("Running http and grpc server on single port. This is not recommended for production.");
    }
    checkBind("listen-metrics-urls");
    checkHosts("initial-advertise-peer-urls", "--%s %s must be \"host:port\" (%s)");
    checkHosts(
        "advertise-client-urls",
        "--%s %s must be in the format \"host:port\", \"unix:/path/to/socket\" or"
            + " \"unixs:/path/to/socket\" (%s)");
  }

  private void checkBind(String flag) throws ConfigException {
    for (EtcdUrl url : values.urls(flag)) {
      if (!url.isUnix() && !url.host().equals("localhost") && !IpLiteral.isAddress(url.host())) {
        throw verify("expected IP in URL for binding (" + url + ")");
      }
    }
  }

  private void checkHosts(String flag, String pattern) throws ConfigException {
    List<EtcdUrl> urls = values.urls(flag);
    for (EtcdUrl url : urls) {
      if (!url.isUnix() && url.host().isEmpty()) {
        String all = urls.stream().map(EtcdUrl::text).collect(Collectors.joining(","));
        throw verify(pattern.formatted(flag, quote(all), "unexpected empty host (" + url + ")"));
      }
    }
  }

  private void checkBootstrap() throws ConfigException {
    String state = values.string("initial-cluster-state");
    if (!state.equals("new") && !state.equals("existing")) {
      throw verify("unexpected clusterState " + quote(state));
    }
    List<String> endpoints = values.strings("discovery-endpoints");
    int ways = values.string("initial-cluster").isEmpty() ? 0 : 1;
    ways += values.string("discovery-srv").isEmpty() ? 0 : 1;
    ways += endpoints.isEmpty() ? 0 : 1;
    if (ways > 1) {
      throw verify(
          "multiple discovery or bootstrap flags are set. Choose one of \"initial-cluster\","
              + " \"discovery-endpoints\" or \"discovery-srv\"");
    }
    if (values.string("discovery-token").isEmpty() != endpoints.isEmpty()) {
      throw verify("both --discovery-token and --discovery-endpoints must be set");
    }
    if (endpoints.stream().anyMatch(String::isBlank)) {
      throw verify("--discovery-endpoints must not contain empty endpoints");
    }
  }

  private void checkTimes() throws ConfigException {
    long heartbeat = values.number("heartbeat-interval");
    long election = values.number("election-timeout");
    if (heartbeat == 0) {
      throw verify("--heartbeat-interval must be >0 (set to 0ms)");
    }
    if (election == 0) {
      throw verify("--election-timeout must be >0 (set to 0ms)");
    }
    if (heartbeat > election / 5) {
      throw verify(
          "--election-timeout[%dms] should be at least as 5 times as --heartbeat-interval[%dms]"
              .formatted(election, heartbeat));
    }
    if (election > MAX_ELECTION_MILLIS) {
      throw verify(
          "--election-timeout[%dms] is too long, and should be set less than %dms"
              .formatted(election, MAX_ELECTION_MILLIS));
    }
    if (values.number("max-learners") < 0) {
      throw verify("membership: too many learner members in cluster");
    }
    if (values.urls("advertise-client-urls").isEmpty()) {
      throw verify(
          "--advertise-client-urls is required when --listen-client-urls is set explicitly");
    }
  }

  private void checkModes() throws ConfigException {
    String mode = values.string("auto-compaction-mode");
    if (mode.isEmpty()) {
      throw verify("undefined auto-compaction-mode");
    }
    if (!mode.equals("periodic") && !mode.equals("revision")) {
      throw verify("unknown auto-compaction-mode " + quote(mode));
    }
    if (values.bool("enable-distributed-tracing")) {
      long rate = values.number("distributed-tracing-sampling-rate");
      if (rate < 0 || rate > 1_000_000) {
        String reason = rate < 0 ? "must be positive" : "must be less than 1000000";
        throw verify(
            "distributed tracing configurition is not valid: (tracing sampling rate "
                + reason
                + ")");
      }
    }
    boolean checkpoint = values.featureGates().isEnabled(Gate.LeaseCheckpoint);
    boolean persist = values.featureGates().isEnabled(Gate.LeaseCheckpointPersist);
    if (checkpoint && !persist) {
      warn(
          "Detected that checkpointing is enabled without persistence. Consider enabling feature"
              + " gate LeaseCheckpointPersist");
    }
    if (persist && !checkpoint) {
      throw verify(
          "enabling feature gate LeaseCheckpointPersist requires enabling feature gate"
              + " LeaseCheckpoint");
    }
    long compactHash = values.number("compact-hash-check-time");
    if (compactHash <= 0) {
      throw verify(
          "--compact-hash-check-time must be >0 (set to " + DurationText.format(compactHash) + ")");
    }
    if (values.string("name").equals("default")) {
      notices.add(
          Notice.of(
              Level.WARN,
              "it isn't recommended to use default name, please set a value for --name. Note that"
                  + " etcd might run into issue when multiple members have the same default name",
              "name",
              "default"));
    }
  }

  private void checkTls() throws ConfigException {
    int min = tlsVersion(values.string("tls-min-version"));
    int max = tlsVersion(values.string("tls-max-version"));
    if (max != 0 && min > max) {
      throw verify(
          "min version (%s) is greater than max version (%s)"
              .formatted(values.string("tls-min-version"), values.string("tls-max-version")));
    }
    if (min == 3 && !values.strings("cipher-suites").isEmpty()) {
      throw verify("cipher suites cannot be configured when only TLS1.3 is enabled");
    }
  }

  private static int tlsVersion(String text) throws ConfigException {
    return switch (text) {
      case "" -> 0;
      case "TLS1.2" -> 2;
      case "TLS1.3" -> 3;
      default ->
          throw verify(
              "unexpected TLS version " + quote(text) + " (must be one of: TLS1.2, TLS1.3)");
    };
  }

  private void warn(String message) {
    notices.add(Notice.of(Level.WARN, message));
  }

  private static ConfigException verify(String message) {
    return new ConfigException(VERIFY, message);
  }

  /** A failure that etcd only meets after its flags were verified. */
  public static ConfigException start(String message) {
    return new ConfigException(START, message);
  }
}
