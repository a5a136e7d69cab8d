package io.sampo.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.discovery.DiscoveryException;
import io.sampo.node.discovery.srv.Dns;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.node.state.membership.MemberJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a member without data begins. */
class PeerBootstrapTest {

  @Test
  void whoJoinsARunningClusterCannotBeDiscovered() {
    ConfigException refusal =
        refusal("--initial-cluster-state=existing", "not asked, so no matter what it says");

    assertEquals(
        "discovery URL should not be set when joining existing initial cluster",
        refusal.getMessage());
    assertEquals(ConfigException.Report.START, refusal.report());
  }

  @Test
  void whatTheDiscoveryServiceRefusesIsSaidInEtcdsWords() {
    ConfigException refusal =
        refusal("--initial-cluster-state=new", "discovery: size key not found");

    assertEquals(
        "failed to join discovery cluster (discovery: size key not found)", refusal.getMessage());
    assertEquals(ConfigException.Report.JOIN, refusal.report());
  }

  /** Once the time of one is over nobody is waited for, and all have been asked by then. */
  @Test
  void othersThatAreNotThereCostTheTimeOfOne() throws Exception {
    NodeConfig config = oneOfFive();
    List<String> asked = new ArrayList<>();
    Bootstrap begun =
        begin(
            config,
            url -> {
              asked.add(url);
              return new CompletableFuture<>();
            },
            lookedAtLate());
    assertEquals(List.of(url(1), url(2), url(3), url(4)), asked);
    assertEquals(5, begun.firstEntries().size());
  }

  @Test
  void theFirstAnswerInTheOrderOfTheUrlsCounts() throws Exception {
    NodeConfig config = oneOfFive();
    long self = ClusterIdentity.bootstrap(config).memberId();
    CompletableFuture<PeerClient.Reply> stranger = CompletableFuture.completedFuture(members(77));
    CompletableFuture<PeerClient.Reply> friend = CompletableFuture.completedFuture(members(self));
    assertEquals(
        5,
        begin(config, url -> url.equals(url(1)) ? stranger : friend, lookedAtLate())
            .firstEntries()
            .size());
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () ->
                begin(
                    config,
                    url ->
                        url.equals(url(1))
                            ? new CompletableFuture<>()
                            : url.equals(url(2)) ? friend : stranger,
                    lookedAtLate()));
    assertEquals(
        "member " + MemberIds.format(self) + " has already been bootstrapped",
        refusal.getMessage());
  }

  /** Whoever has answered by then is heard, whoever has not is not waited for. */
  private static LongSupplier lookedAtLate() {
    AtomicLong looks = new AtomicLong();
    return () -> looks.getAndIncrement() == 0 ? 0 : PeerBootstrap.GLANCE.toNanos();
  }

  private static PeerClient.Reply members(long id) {
    ClusterMember member =
        new ClusterMember(id, List.of("http://h:1"), false, "m", List.of("http://h:2"));
    return new PeerClient.Reply(200, "abc", MemberJson.encodeAll(List.of(member)));
  }

  private static String url(int number) {
    return "http://127.0.0.1:" + (2380 + number);
  }

  /** The first of them. */
  private static NodeConfig oneOfFive() throws ConfigException, InterruptedException {
    String cluster =
        IntStream.range(0, 5)
            .mapToObj(number -> "m" + number + "=" + url(number))
            .collect(Collectors.joining(","));
    return config(
        List.of(
            "--name=m0",
            "--initial-advertise-peer-urls=" + url(0),
            "--initial-cluster=" + cluster));
  }

  private static Bootstrap begin(
      NodeConfig config,
      Function<String, CompletionStage<PeerClient.Reply>> members,
      LongSupplier nanoTime)
      throws ConfigException, InterruptedException {
    return new PeerBootstrap(config, (url, path) -> members.apply(url), null, nanoTime)
        .begin(ClusterIdentity.bootstrap(config));
  }

  private static ConfigException refusal(String state, String reason) {
    DiscoveredCluster discovered =
        new DiscoveredCluster(
            () -> {
              throw new DiscoveryException(reason);
            });
    return assertThrows(
        ConfigException.class,
        () -> {
          NodeConfig config = alone(state);
          new PeerBootstrap(config, null, discovered, () -> 0)
              .begin(ClusterIdentity.bootstrap(config));
        });
  }

  /** As far as this member knows before it has asked. */
  private static NodeConfig alone(String state) throws ConfigException, InterruptedException {
    return config(List.of(state, "--discovery-token=t", "--discovery-endpoints=127.0.0.1:1"));
  }

  private static NodeConfig config(List<String> flags)
      throws ConfigException, InterruptedException {
    NodeConfig given =
        assertInstanceOf(Boot.Outcome.Start.class, Boot.read(flags, Map.of())).config();
    return InitialMembers.find(given, () -> new Dns()).config();
  }
}
