package io.sampo.tests.compare.metrics;

import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.Member;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberAddResponse;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.protocol.etcdserverpb.MemberPromoteRequest;
import io.sampo.protocol.etcdserverpb.MemberPromoteResponse;
import io.sampo.protocol.etcdserverpb.MemberRemoveRequest;
import io.sampo.protocol.etcdserverpb.MemberRemoveResponse;
import io.sampo.tests.compare.Identities;
import io.sampo.tests.compare.Sessions;
import io.sampo.tests.compare.Target;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Members of one program under a script. Nothing asks for their health unless the script does, as
 * health checks count.
 */
final class MetricsCluster implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofMillis(400);
  private static final String[] FLAGS = {"--snapshot-count=150", "--bcrypt-cost=4"};

  private final Identities identities = new Identities();
  private final ClusterUnderTest cluster;
  private final Map<String, Target> targets = new HashMap<>();

  /** Members m1 and so on; m1 leads. */
  MetricsCluster(ServerProgram program, int size) {
    cluster = ClusterUnderTest.notLaunched(program, size, number -> List.of(FLAGS));
    cluster.members().forEach(ServerUnderTest::launch);
    cluster.members().forEach(this::awaitServing);
    for (ServerUnderTest member : cluster.members()) {
      meet(member);
    }
    if (size > 1) {
      leads("m1");
    }
  }

  private void meet(ServerUnderTest member) {
    GrpcClient client = new GrpcClient(member.endpoint());
    Target before = targets.put(name(member), new Target(member, client, new Sessions()));
    if (before != null) {
      close(before);
    }
    String id = page(member).replaceAll("(?s).*etcd_server_id\\{server_id=\"(\\w+)\"} 1.*", "$1");
    identities.id(Long.parseUnsignedLong(id, 16), name(member));
  }

  /** The only member of a cluster has a name of its own. */
  private static String name(ServerUnderTest member) {
    return member.name().matches("m\\d") ? member.name() : "m1";
  }

  private ServerUnderTest member(String name) {
    return cluster.members().stream().filter(it -> name(it).equals(name)).findFirst().orElseThrow();
  }

  Target target(String name) {
    return targets.get(name);
  }

  private void awaitServing(ServerUnderTest member) {
    Await.until(
        LIMIT,
        () -> member.name() + " does not serve: " + member.log(),
        () -> {
          String page = page(member);
          return page.contains("\netcd_server_has_leader 1")
              && page.contains("\netcd_cluster_version{cluster_version=\"3.7\"} 1")
              && member.log().contains("ready to serve client requests");
        });
  }

  private static String page(ServerUnderTest member) {
    return Http.tryGet(member.url() + "/metrics").map(Http.Answer::body).orElse("");
  }

  /**
   * The metrics of each member that runs, by its name, as soon as two looks in a row show the same.
   *
   * @param counts which series are looked at
   */
  Map<String, MetricsPage> settled(Predicate<String> counts) {
    Map<String, MetricsPage> settled = new TreeMap<>();
    for (ServerUnderTest member : cluster.members()) {
      if (member.isRunning() && targets.containsKey(name(member))) {
        settled.put(name(member), settled(member, counts));
      }
    }
    return settled;
  }

  private MetricsPage settled(ServerUnderTest member, Predicate<String> counts) {
    AtomicReference<MetricsPage> last = new AtomicReference<>(parsed(member));
    Set<Map.Entry<String, Double>> moving = new HashSet<>();
    Await.until(
        LIMIT,
        () -> "these do not settle at " + member.name() + ": " + moving,
        () -> {
          Await.pause(QUIET);
          MetricsPage before = last.getAndSet(parsed(member));
          Map<String, Double> now = counted(last.get(), counts);
          moving.clear();
          moving.addAll(now.entrySet());
          moving.removeAll(counted(before, counts).entrySet());
          return moving.isEmpty();
        });
    return last.get();
  }

  private MetricsPage parsed(ServerUnderTest member) {
    return MetricsPage.parse(page(member), identities);
  }

  private static Map<String, Double> counted(MetricsPage page, Predicate<String> counts) {
    Map<String, Double> counted = new TreeMap<>(page.values());
    counted.keySet().removeIf(series -> !counts.test(series));
    return counted;
  }

  void restart(String name) {
    member(name).stop();
    start(name);
  }

  void kill(String name) {
    member(name).kill();
  }

  void start(String name) {
    member(name).launch();
    awaitServing(member(name));
    meet(member(name));
  }

  void leads(String name) {
    Await.until(
        LIMIT,
        () -> name + " does not lead",
        () -> {
          ServerUnderTest leader = cluster.leader();
          if (!name(leader).equals(name)) {
            move(name(leader), name);
          }
          return name(cluster.leader()).equals(name);
        });
  }

  private void move(String from, String to) {
    try {
      targets.get(from).etcd().moveLeader(id(to));
    } catch (StatusRuntimeException e) {
      // Asked again.
    }
  }

  private long id(String name) {
    return Long.parseUnsignedLong(identities.hex(name), 16);
  }

  /** One more member joins as a learner. */
  void join(String name) {
    ServerUnderTest joining = cluster.join(name, ServerUnderTest::peerPort);
    MemberAddRequest request =
        MemberAddRequest.newBuilder().addPeerURLs(joining.peerUrl()).setIsLearner(true).build();
    Member added =
        targets
            .get("m1")
            .client()
            .call(
                "/etcdserverpb.Cluster/MemberAdd", request, MemberAddResponse.getDefaultInstance())
            .getMember();
    identities.id(added.getID(), name);
    start(name);
    List<Member> learners = new ArrayList<>();
    Await.until(
        LIMIT,
        () -> name + " is not known by its name",
        () -> {
          learners.clear();
          learners.addAll(members());
          return learners.stream().anyMatch(member -> member.getName().equals(name));
        });
  }

  private List<Member> members() {
    return targets
        .get("m1")
        .client()
        .call(
            "/etcdserverpb.Cluster/MemberList",
            MemberListRequest.getDefaultInstance(),
            MemberListResponse.getDefaultInstance())
        .getMembersList();
  }

  /** Asks once a learner has surely caught up, as a refusal would count. */
  void promote(String name) {
    Await.pause(Duration.ofSeconds(2));
    MemberPromoteRequest request = MemberPromoteRequest.newBuilder().setID(id(name)).build();
    targets
        .get("m1")
        .client()
        .call(
            "/etcdserverpb.Cluster/MemberPromote",
            request,
            MemberPromoteResponse.getDefaultInstance());
  }

  void remove(String name) {
    MemberRemoveRequest request = MemberRemoveRequest.newBuilder().setID(id(name)).build();
    targets
        .get("m1")
        .client()
        .call(
            "/etcdserverpb.Cluster/MemberRemove",
            request,
            MemberRemoveResponse.getDefaultInstance());
    member(name).awaitExit(LIMIT);
    close(targets.remove(name));
  }

  void closeStreams() {
    targets.values().forEach(target -> target.sessions().close());
  }

  private static void close(Target target) {
    target.sessions().close();
    target.client().close();
  }

  @Override
  public void close() {
    targets.values().forEach(MetricsCluster::close);
    cluster.close();
  }
}
