package io.sampo.tests.faults;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.sim.check.CommittedLog;
import io.sampo.tests.sim.check.LeaseTimes;
import io.sampo.tests.sim.check.Linearizability;
import io.sampo.tests.sim.check.Violations;
import io.sampo.tests.sim.check.WatchGuarantees;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import io.sampo.tests.sim.client.Keys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A new cluster, clients, faults one after another; then everything is well again, and what clients
 * saw is judged.
 */
final class FaultRound {
  /** Small enough that whoever misses some seconds needs a snapshot. */
  static final List<String> FLAGS =
      List.of("--snapshot-count=100", "--snapshot-catchup-entries=50");

  private static final WatchCreateRequest EVERYTHING =
      WatchCreateRequest.newBuilder()
          .setKey(ByteString.copyFrom(new byte[1]))
          .setRangeEnd(Keys.toTheEnd())
          .build();

  private static final int KEY_CLIENTS = 5;
  private static final int LEASE_CLIENTS = 2;
  private static final int THINK_MILLIS = 30;

  private final long seed;
  private final RandomGenerator random;
  private final Consumer<String> lines;
  private final long begunNanos = System.nanoTime();
  private final Recorder recorder = new Recorder();
  private final List<Thread> threads = new ArrayList<>();
  private final List<WatchTraffic> watchers = new ArrayList<>();
  private final AtomicReference<Throwable> broken = new AtomicReference<>();
  private volatile boolean writingStopped;
  private volatile boolean watchingStopped;

  /**
   * @param lines is told what happens
   */
  FaultRound(long seed, Consumer<String> lines) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.lines = line -> lines.accept("%8.3f s  %s".formatted(nanoTime() / 1e9, line));
  }

  private long nanoTime() {
    return System.nanoTime() - begunNanos;
  }

  /**
   * Runs it.
   *
   * @param faults in their order
   * @throws AssertionError with everything that did not hold
   */
  FaultResult run(ServerProgram program, int size, List<Fault> faults) {
    return run(program, size, cluster -> inject(cluster, faults));
  }

  /**
   * Runs it with something else than faults.
   *
   * @param course what happens while there is load
   */
  FaultResult run(ServerProgram program, int size, Consumer<FaultyCluster> course) {
    try (FaultyCluster cluster = new FaultyCluster(program, size, FLAGS)) {
      lines.accept("%d members serve, seed %d".formatted(size, seed));
      try {
        return run(cluster, course);
      } finally {
        stopTraffic();
      }
    }
  }

  private void inject(FaultyCluster cluster, List<Fault> faults) {
    FaultInjector injector = new FaultInjector(cluster, random, recorder::writes, lines);
    for (Fault fault : faults) {
      Await.pause(Duration.ofMillis(200 + random.nextInt(800)));
      injector.inject(fault);
      cluster.awaitServing();
      awaitWrites();
    }
  }

  private FaultResult run(FaultyCluster cluster, Consumer<FaultyCluster> course) {
    start(cluster);
    course.accept(cluster);
    writingStopped = true;
    join(threads.subList(0, KEY_CLIENTS + LEASE_CLIENTS));
    long revision = awaitRest(cluster);
    lines.accept("all is well and nobody writes, revision " + revision);
    Await.until(
        FaultyCluster.PATIENCE,
        () -> "watchers are behind " + revision,
        () -> watchers.stream().allMatch(watcher -> watcher.nextRevision() > revision));
    stopTraffic();
    return judge(cluster, revision);
  }

  // ---- traffic ----

  private void start(FaultyCluster cluster) {
    for (int i = 0; i < KEY_CLIENTS; i++) {
      Connections connections = connections("c" + i, cluster, recorder);
      launch(new KeyTraffic(connections, THINK_MILLIS, () -> writingStopped));
    }
    for (int i = 0; i < LEASE_CLIENTS; i++) {
      launch(new LeaseTraffic(connections("l" + i, cluster, recorder), () -> writingStopped));
    }
    watch(cluster, EVERYTHING);
    watch(cluster, EVERYTHING.toBuilder().setPrevKv(true).setProgressNotify(true).build());
    watch(
        cluster, EVERYTHING.toBuilder().addFilters(WatchCreateRequest.FilterType.NODELETE).build());
    watch(cluster, WatchCreateRequest.newBuilder().setKey(Keys.key(1)).setPrevKv(true).build());
  }

  private void watch(FaultyCluster cluster, WatchCreateRequest wish) {
    Connections connections = connections("w" + watchers.size(), cluster, call -> {});
    WatchTraffic watcher =
        new WatchTraffic(connections, wish, this::nanoTime, () -> watchingStopped);
    watchers.add(watcher);
    launch(watcher);
  }

  private Connections connections(String name, FaultyCluster cluster, CallListener listener) {
    return new Connections(
        name, cluster::members, new SplittableRandom(random.nextLong()), this::nanoTime, listener);
  }

  private void launch(Runnable traffic) {
    Thread thread = new Thread(traffic, "traffic " + threads.size());
    thread.setUncaughtExceptionHandler((dead, failure) -> broken.compareAndSet(null, failure));
    threads.add(thread);
    thread.start();
  }

  private void stopTraffic() {
    writingStopped = true;
    watchingStopped = true;
    join(threads);
    if (broken.get() != null) {
      throw new AssertionError("a client broke", broken.get());
    }
  }

  private static void join(List<Thread> ending) {
    try {
      for (Thread thread : ending) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whoever serves reads takes writes too. */
  void awaitWrites() {
    long before = recorder.writes();
    Await.until(
        FaultyCluster.PATIENCE,
        () -> "no writes though nothing is wrong",
        () -> recorder.writes() > before + KEY_CLIENTS);
  }

  /** Waits until leases are gone and all members hold the same; returns the revision. */
  private static long awaitRest(FaultyCluster cluster) {
    try (GrpcClient client = new GrpcClient(cluster.member(0).endpoint())) {
      Etcd etcd = new Etcd(client);
      Await.until(
          FaultyCluster.PATIENCE,
          () -> "leases that nobody renews: " + etcd.leases(),
          () -> etcd.leases().getLeasesCount() == 0);
      Await.until(
          FaultyCluster.PATIENCE,
          () -> "hashes differ: " + cluster.hashes(),
          () -> Set.copyOf(cluster.hashes()).size() == 1);
      return etcd.range(RangeRequest.newBuilder().setKey(Keys.key(0))).getHeader().getRevision();
    }
  }

  // ---- judgement ----

  private FaultResult judge(FaultyCluster cluster, long revision) {
    Violations violations = new Violations(this::nanoTime);
    Map<Long, Long> firstSeen = new HashMap<>();
    watchers.forEach(
        watcher ->
            watcher.firstSeen().forEach((at, nanos) -> firstSeen.merge(at, nanos, Math::min)));
    List<WatchResponse> audit = history(cluster.member(random.nextInt(cluster.size())), revision);
    List<Event> events = audit.stream().flatMap(each -> each.getEventsList().stream()).toList();
    List<Call> calls = recorder.calls();
    CommittedLog log = new Reconstruction(violations, calls, firstSeen).of(events);

    Linearizability linearizability = new Linearizability(violations, log);
    LeaseTimes leases = new LeaseTimes(violations, log);
    for (Call call : calls) {
      linearizability.onCall(call);
      leases.onCall(call);
    }
    linearizability.judge();
    leases.judge();
    WatchGuarantees watches = new WatchGuarantees(violations, log);
    watches.onBegin("the audit", EVERYTHING, 1);
    audit.forEach(response -> watches.onNews("the audit", response));
    watchers.forEach(watcher -> watcher.replay(watches));
    if (!watches.allHeard()) {
      violations.report("watch", "some watcher has not heard of everything");
    }
    cluster.members().stream()
        .flatMap(member -> MemberLogs.troubles(member).stream())
        .forEach(line -> violations.report("a member's log", line));
    long snapshots =
        cluster.members().stream()
            .flatMap(member -> member.logs().stream())
            .flatMap(String::lines)
            .filter(line -> line.contains("applied snapshot"))
            .count();
    return new FaultResult(
        violations.found(),
        calls.size(),
        recorder.failures(),
        linearizability.answers(),
        revision,
        watches.events(),
        watchers.stream().mapToInt(WatchTraffic::resumes).sum(),
        snapshots);
  }

  /** Every event from the first to this revision, as a member tells them now. */
  private static List<WatchResponse> history(ServerUnderTest member, long revision) {
    List<WatchResponse> history = new ArrayList<>();
    try (GrpcClient client = new GrpcClient(member.endpoint());
        GrpcStream<WatchResponse> stream = new Etcd(client).watch()) {
      stream.send(
          WatchRequest.newBuilder()
              .setCreateRequest(EVERYTHING.toBuilder().setStartRevision(1))
              .build());
      long told = 1;
      while (told < revision) {
        WatchResponse response = stream.next();
        if (response.getEventsCount() > 0) {
          history.add(response);
          told = response.getEvents(response.getEventsCount() - 1).getKv().getModRevision();
        }
      }
    }
    return history;
  }
}
