package io.sampo.node.discovery;

import io.sampo.node.logging.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Joins a cluster that is being formed: this member registers under the cluster's token and waits
 * until as many have as the cluster shall have (etcd 3.7.1, v3discovery.JoinCluster). Failed calls
 * are repeated for ever, as in etcd, with pauses of 2 s to 256 s.
 */
public final class Discovery {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final int MAX_EXPONENT = 8;

  private final DiscoverySettings settings;
  private final Registry registry;
  private final Pause pause;
  private final RegistryKeys keys;
  private int retries;

  Discovery(DiscoverySettings settings, Registry registry, Pause pause) {
    this.settings = settings;
    this.registry = registry;
    this.pause = pause;
    this.keys = RegistryKeys.of(settings.token());
  }

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  private record Check(RegisteredMembers members, long size, long revision) {}

  /**
   * Registers and waits.
   *
   * @param memberId of this member, in hexadecimal
   * @param self its name and URLs as {@code --initial-cluster} has them
   * @return the whole cluster as {@code --initial-cluster} would have it
   */
  public String join(String memberId, String self) throws DiscoveryException, InterruptedException {
    String cluster = "";
    try {
      String key = keys.member(memberId);
      check(key);
      register(key, self);
      Check check = check(key);
      waitForPeers(check);
      cluster = check.members().initialCluster(check.size());
      if (!RegisteredMembers.isUsable(cluster)) {
        throw new DiscoveryException("discovery: invalid peer URL");
      }
      line(Level.INFO).addKeyValue("cluster", cluster).log("discovery joined cluster successfully");
      return cluster;
    } catch (DiscoveryException e) {
      line(Level.ERROR)
          .addKeyValue("cluster", cluster)
          .addKeyValue("error", e.getMessage())
          .log("discovery failed to join cluster");
      throw e;
    }
  }

  private Check check(String key) throws DiscoveryException, InterruptedException {
    while (true) {
      try {
        long size = clusterSize();
        Registry.Listing listing = listMembers();
        retries = 0;
        RegisteredMembers members = new RegisteredMembers(keys.members());
        listing.entries().forEach(entry -> add(members, entry));
        if (!members.hasPlaceFor(key, size)) {
          throw new DiscoveryException("discovery: cluster is full");
        }
        return new Check(members, size, listing.revision());
      } catch (RegistryException said) {
        backOff("cluster status check");
      }
    }
  }

  private long clusterSize() throws DiscoveryException, RegistryException, InterruptedException {
    List<Registry.Entry> found;
    try {
      found = registry.get(keys.size()).entries();
    } catch (RegistryException e) {
      line(Level.WARN)
          .addKeyValue("clusterSizeKey", keys.size())
          .addKeyValue("error", e.getMessage())
          .log("failed to get cluster size from discovery service");
      throw e;
    }
    if (found.isEmpty()) {
      throw new DiscoveryException("discovery: size key not found");
    }
    String text = found.get(0).value();
    if (!text.matches("[+]?[0-9]{1,18}") || Long.parseLong(text) == 0) {
      throw new DiscoveryException("discovery: size key is bad");
    }
    return Long.parseLong(text);
  }

  private Registry.Listing listMembers() throws RegistryException, InterruptedException {
    try {
      return registry.list(keys.members());
    } catch (RegistryException e) {
      line(Level.WARN)
          .addKeyValue("membersKeyPrefix", keys.members())
          .addKeyValue("error", e.getMessage())
          .log("failed to get cluster members from discovery service");
      throw e;
    }
  }

  private void add(RegisteredMembers members, Registry.Entry found) {
    Registry.Entry entry =
        new Registry.Entry(found.key().strip(), found.value().strip(), found.createRevision());
    Optional<String> refused = members.add(entry);
    line(refused.isPresent() ? Level.WARN : Level.INFO)
        .addKeyValue("memberKey", entry.key())
        .addKeyValue("memberInfo", entry.value())
        .log(refused.orElse("found peer from discovery service"));
  }

  private void register(String key, String self) throws InterruptedException {
    while (true) {
      try {
        registry.put(key, self);
        retries = 0;
        line(Level.INFO)
            .addKeyValue("memberKey", key)
            .addKeyValue("memberInfo", self)
            .log("register member itself successfully");
        return;
      } catch (RegistryException e) {
        line(Level.WARN)
            .addKeyValue("memberKey", key)
            .addKeyValue("error", e.getMessage())
            .log("failed to register members itself to the discovery service");
        backOff("register member itself");
      }
    }
  }

  private void waitForPeers(Check check) throws InterruptedException {
    RegisteredMembers members = check.members();
    long next = check.revision() + 1;
    while (members.size() < check.size()) {
      peers(Level.INFO, "waiting for peers from discovery service", check);
      try {
        registry.watch(
            keys.members(),
            next,
            changes -> {
              changes.forEach(entry -> add(members, entry));
              return members.size() >= check.size();
            });
        peers(Level.INFO, "found all needed peers from discovery service", check);
      } catch (RegistryException e) {
        line(Level.WARN).addKeyValue("error", e.getMessage()).log("discovery watch failed");
        backOff("waiting for peers");
        next = listAgain(members, next);
      }
    }
  }

  /** What was compacted cannot be watched any more, but it can be listed. */
  private long listAgain(RegisteredMembers members, long next) throws InterruptedException {
    try {
      Registry.Listing listing = listMembers();
      retries = 0;
      listing.entries().stream()
          .filter(entry -> entry.createRevision() >= next)
          .forEach(entry -> add(members, entry));
      return listing.revision() + 1;
    } catch (RegistryException said) {
      return next;
    }
  }

  private void peers(Level level, String message, Check check) {
    line(level)
        .addKeyValue("clusterSize", check.size())
        .addKeyValue("found-peers", check.members().size())
        .log(message);
  }

  private void backOff(String step) throws InterruptedException {
    retries = Math.min(retries + 1, MAX_EXPONENT);
    Duration time = Duration.ofSeconds(1L << retries);
    line(Level.WARN)
        .addKeyValue("reason", step)
        .addKeyValue("backoff", DurationText.format(time.toNanos()))
        .log("retry connecting to discovery service");
    pause.of(time);
  }

  private LoggingEventBuilder line(Level level) {
    return LOG.atLevel(level)
        .addKeyValue("discovery-token", settings.token())
        .addKeyValue("discovery-endpoints", String.join(",", settings.endpoints()));
  }
}
