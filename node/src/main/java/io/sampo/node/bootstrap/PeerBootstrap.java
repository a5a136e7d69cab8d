package io.sampo.node.bootstrap;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.member.ServerVersion;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.persistence.datadir.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member without data asks the others before it begins (etcd 3.7.1, bootstrap.go). Used by
 * the starting thread, which waits.
 */
public final class PeerBootstrap {
  private static final Logger LOG = LoggerFactory.getLogger(PeerBootstrap.class);

  /**
   * How long the others are asked whether this member is really new. etcd waits for one second; the
   * first request of a cold Java may take longer.
   */
  static final Duration GLANCE = Duration.ofSeconds(5);

  /** How long one member of the cluster to join may take to say who is in it; in etcd 10 s. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private static final int OK = 200;

  private final NodeConfig config;
  private final Peers peers;
  private final DiscoveredCluster discovered;
  private final LongSupplier nanoTime;

  /** Asks another member. */
  public interface Peers {
    /** As {@link PeerClient#get}. */
    CompletionStage<PeerClient.Reply> get(String peerUrl, String path);
  }

  /**
   * @param discovered asked if the flags name a discovery service
   */
  public PeerBootstrap(
      NodeConfig config, Peers peers, DiscoveredCluster discovered, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.config = config;
    this.peers = peers;
    this.discovered = discovered;
  }

  /**
   * How this member begins.
   *
   * @param flags who it is by its flags
   * @throws ConfigException with etcd's text if the others do not know it, or know it too well
   */
  public Bootstrap begin(ClusterIdentity flags) throws ConfigException, InterruptedException {
    if (config.cluster().newCluster()) {
      refuseKnown(flags);
      return config.discovery().hasService()
          ? discovered.join(config, flags.memberId())
          : Bootstrap.fresh(config, flags);
    }
    if (config.discovery().hasService()) {
      throw refusal("discovery URL should not be set when joining existing initial cluster");
    }
    ExistingCluster cluster =
        askInTurn()
            .orElseThrow(
                () ->
                    refusal(
                        "cannot fetch cluster info from peer urls: could not retrieve cluster"
                            + " information from the given URLs"));
    if (cluster.members().isEmpty()) {
      throw refusal(
          "cannot fetch cluster info from peer urls: failed to get raft cluster member(s) from the"
              + " given URLs");
    }
    ClusterIdentity identity = cluster.admit(config);
    checkVersions(cluster, identity.memberId());
    checkLearners(cluster);
    return new Bootstrap(
        new Identity(identity.memberId(), identity.clusterId()), List.of(), cluster.members());
  }

  /**
   * A member that has been there before must not begin as a new one: it has lost what it promised.
   */
  private void refuseKnown(ClusterIdentity flags) throws ConfigException, InterruptedException {
    Optional<ClusterMember> known =
        askAtOnce().stream()
            .flatMap(cluster -> cluster.members().stream())
            .filter(member -> member.id() == flags.memberId() && !member.clientUrls().isEmpty())
            .findFirst();
    if (known.isPresent()) {
      throw refusal(
          "member " + MemberIds.format(flags.memberId()) + " has already been bootstrapped");
    }
  }

  /**
   * The first answer in the order of the URLs. All are asked at once, so that those that are not
   * there cost no more than one of them.
   */
  private Optional<ExistingCluster> askAtOnce() throws InterruptedException {
    long begin = nanoTime.getAsLong();
    Map<String, CompletionStage<PeerClient.Reply>> replies = new LinkedHashMap<>();
    for (String url : others()) {
      replies.put(url, ask(url));
    }
    for (var reply : replies.entrySet()) {
      long left = GLANCE.toNanos() - (nanoTime.getAsLong() - begin);
      Duration patience = Duration.ofNanos(Math.max(0, left));
      Optional<ExistingCluster> answer = answer(reply.getKey(), reply.getValue(), patience, false);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  /** The first answer that the others give, asked one URL after another. */
  private Optional<ExistingCluster> askInTurn() throws InterruptedException {
    for (String url : others()) {
      Optional<ExistingCluster> answer = answer(url, ask(url), ANSWER, true);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private List<String> others() {
    List<String> urls = new ArrayList<>();
    for (Map.Entry<String, List<EtcdUrl>> member : config.cluster().initialMembers().entrySet()) {
      if (!member.getKey().equals(config.name())) {
        member.getValue().forEach(url -> urls.add(url.text()));
      }
    }
    urls.sort(null);
    return urls;
  }

  private CompletionStage<PeerClient.Reply> ask(String url) {
    try {
      return peers.get(url, "/members");
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static Optional<ExistingCluster> answer(
      String url, CompletionStage<PeerClient.Reply> asked, Duration patience, boolean aloud)
      throws InterruptedException {
    String problem;
    try {
      PeerClient.Reply reply = await(asked, patience);
      OptionalLong clusterId = MemberIds.parse(reply.clusterId());
      if (clusterId.isPresent()) {
        List<ClusterMember> members = MemberJson.decodeAll(reply.body());
        return Optional.of(new ExistingCluster(clusterId.getAsLong(), members));
      }
      problem = "failed to parse cluster ID";
    } catch (IllegalArgumentException | NoAnswerException e) {
      problem = e.getMessage();
    }
    if (aloud) {
      LOG.atWarn()
          .addKeyValue("address", url + "/members")
          .addKeyValue("error", problem)
          .log("failed to get cluster response");
    }
    return Optional.empty();
  }

  /**
   * Somebody there must run a version that goes with ours, and nobody another one. Whoever does not
   * answer is not counted: it may be down.
   */
  private void checkVersions(ExistingCluster cluster, long self)
      throws ConfigException, InterruptedException {
    boolean downgrading = isDowngrading(cluster, self);
    boolean compatible = false;
    for (ClusterMember member : cluster.members()) {
      Optional<ServerVersion> version =
          member.id() == self ? Optional.empty() : clusterVersion(member);
      if (version.isPresent() && !version.get().goesWithUs(downgrading)) {
        LOG.atWarn()
            .addKeyValue("remote-member-id", MemberIds.format(member.id()))
            .addKeyValue("remote-member-cluster-version", version.get())
            .log("cluster version of remote member is not compatible");
        throw refusal("incompatible with current running cluster");
      }
      compatible |= version.isPresent();
    }
    if (!compatible) {
      throw refusal("incompatible with current running cluster");
    }
  }

  private boolean isDowngrading(ExistingCluster cluster, long self) throws InterruptedException {
    for (ClusterMember member : cluster.members()) {
      if (member.id() == self) {
        continue;
      }
      Optional<PeerClient.Reply> reply = first(member, "/downgrade/enabled");
      if (reply.isPresent()) {
        return reply.get().text().equals("true");
      }
    }
    return false;
  }

  private Optional<ServerVersion> clusterVersion(ClusterMember member) throws InterruptedException {
    return first(member, "/version")
        .flatMap(reply -> ServerVersion.ofAnswer(reply.body(), "etcdcluster"));
  }

  /** What the member answers on the first of its URLs that works. */
  private Optional<PeerClient.Reply> first(ClusterMember member, String path)
      throws InterruptedException {
    for (String url : member.peerUrls()) {
      try {
        PeerClient.Reply reply =
            await(peers.get(url, path), Duration.ofNanos(config.requestTimeoutNanos()));
        if (reply.status() == OK) {
          return Optional.of(reply);
        }
      } catch (NoAnswerException e) {
        LOG.atWarn()
            .addKeyValue("address", url + path)
            .addKeyValue("remote-member-id", MemberIds.format(member.id()))
            .addKeyValue("error", e.getMessage())
            .log("failed to reach the peer URL");
      }
    }
    return Optional.empty();
  }

  private void checkLearners(ExistingCluster cluster) throws ConfigException {
    long learners = cluster.members().stream().filter(ClusterMember::learner).count();
    if (learners > config.cluster().maxLearners()) {
      throw refusal("membership: too many learner members in cluster");
    }
  }

  private static final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    NoAnswerException(String message) {
      super(message);
    }
  }

  private static PeerClient.Reply await(CompletionStage<PeerClient.Reply> reply, Duration patience)
      throws NoAnswerException, InterruptedException {
    try {
      return reply.toCompletableFuture().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new NoAnswerException(String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      throw new NoAnswerException("no answer within " + patience.toMillis() + " ms");
    }
  }

  private static ConfigException refusal(String message) {
    return new ConfigException(ConfigException.Report.START, message);
  }
}
