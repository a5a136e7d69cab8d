package io.sampo.tests.failover;

import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.MemberRemoveRequest;
import io.sampo.protocol.etcdserverpb.MemberRemoveResponse;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.LoadRun;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The command {@code multi-node-tests/bin/failover}. */
public final class Failover {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final long PERIOD_MILLIS = 10;
  private static final int PUTS_PER_TRANSACTION = 100;
  private static final int LOADERS = 32;
  private static final int VALUE_BYTES = 256;

  /** So many acknowledgements say that writes go on. */
  private static final long ENOUGH = 100;

  private final FailoverOptions options;
  private final Map<ServerProgram, ClusterUnderTest> clusters = new LinkedHashMap<>();
  private final Map<ServerProgram, List<Double>> gaps = new LinkedHashMap<>();
  private final Map<ServerProgram, List<Double>> longest = new LinkedHashMap<>();
  private final Map<ServerProgram, List<Double>> ends = new LinkedHashMap<>();

  private Failover(FailoverOptions options) {
    this.options = options;
  }

  /** Measures and prints; exit code 2 for a bad command line. */
  public static void main(String[] words) {
    FailoverOptions options;
    try {
      options = FailoverOptions.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(FailoverOptions.USAGE);
      System.exit(2);
      return;
    }
    new Failover(options).run();
  }

  private void run() {
    try (BusyProcesses busy = new BusyProcesses()) {
      busy.begin(options.load());
      for (ServerProgram program : options.programs()) {
        gaps.put(program, new ArrayList<>());
        longest.put(program, new ArrayList<>());
        ends.put(program, new ArrayList<>());
        if (options.end() != FailoverOptions.End.REMOVE) {
          clusters.put(program, start(program));
        }
      }
      for (int kill = 1; kill <= options.kills(); kill++) {
        System.err.printf("%d of %d%n", kill, options.kills());
        for (ServerProgram program : options.programs()) {
          switch (options.end()) {
            case REMOVE -> removeLeader(program);
            case KILL_ALL -> killAll(program, kill);
            default -> endLeader(program);
          }
        }
      }
    } finally {
      clusters.values().forEach(ClusterUnderTest::close);
    }
    options.programs().forEach(this::print);
  }

  private ClusterUnderTest start(ServerProgram program) {
    ClusterUnderTest cluster = ClusterUnderTest.start(program, 3, options.flags());
    loadKeys(cluster.leader());
    return cluster;
  }

  private void loadKeys(ServerUnderTest leader) {
    int[] next = {0};
    int transactions = options.keys() / PUTS_PER_TRANSACTION;
    try (LoadRun run =
        new LoadRun(
            List.of(leader.clientPort()),
            LOADERS,
            LOADERS,
            KeyedRequests.batches(() -> next[0]++, PUTS_PER_TRANSACTION, VALUE_BYTES))) {
      run.runCount(transactions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All members are killed together; the time counts from when they are started again. */
  private void killAll(ServerProgram program, int kill) {
    ClusterUnderTest cluster = clusters.get(program);
    List<ServerUnderTest> members = cluster.members();
    try (WriteProbe probe = new WriteProbe(members, PERIOD_MILLIS).reconnecting();
        WritingClients clients = new WritingClients(members)) {
      clients.begin(options.clients());
      awaitWrites(probe, Long.MIN_VALUE);
      members.forEach(ServerUnderTest::signalKill);
      members.forEach(ServerUnderTest::kill);
      long begin = System.nanoTime();
      members.forEach(ServerUnderTest::launch);
      awaitWrites(probe, begin);
      gaps.get(program).add(probe.firstAcknowledgedMillis(begin));
      longest.get(program).add(probe.longestGapMillis(begin));
      members.forEach(ServerUnderTest::awaitReady);
    }
    options.logs().ifPresent(directory -> keepLogs(cluster, directory, program.name() + kill));
  }

  private static void keepLogs(ClusterUnderTest cluster, Path directory, String prefix) {
    try {
      Files.createDirectories(directory);
      for (ServerUnderTest member : cluster.members()) {
        Files.writeString(directory.resolve(prefix + "-" + member.name()), member.log());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void removeLeader(ServerProgram program) {
    try (ClusterUnderTest cluster = start(program)) {
      ServerUnderTest leader = cluster.leader();
      List<ServerUnderTest> others = cluster.others(leader);
      long id = memberId(leader);
      try (WriteProbe probe = new WriteProbe(others, PERIOD_MILLIS)) {
        awaitWrites(probe, Long.MIN_VALUE);
        long begin = untilRemoved(others.get(0), id);
        leader.awaitExit(LIMIT);
        ends.get(program).add((System.nanoTime() - begin) / 1e6);
        awaitWrites(probe, System.nanoTime());
        gaps.get(program).add(probe.longestGapMillis(begin));
      }
    }
  }

  private static long memberId(ServerUnderTest member) {
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      return new Etcd(client).status().getHeader().getMemberId();
    }
  }

  /**
   * Returns when the request was sent that was granted: the members must have been well for 5 s.
   */
  private static long untilRemoved(ServerUnderTest asked, long id) {
    AtomicLong sent = new AtomicLong();
    AtomicReference<String> refusal = new AtomicReference<>();
    try (GrpcClient client = new GrpcClient(asked.endpoint())) {
      Await.until(
          LIMIT,
          () -> "not removed: " + refusal.get(),
          () -> {
            sent.set(System.nanoTime());
            try {
              client.call(
                  "/etcdserverpb.Cluster/MemberRemove",
                  MemberRemoveRequest.newBuilder().setID(id).build(),
                  MemberRemoveResponse.getDefaultInstance());
              return true;
            } catch (StatusRuntimeException e) {
              refusal.set(e.getMessage());
              return false;
            }
          });
    }
    return sent.get();
  }

  private void endLeader(ServerProgram program) {
    ClusterUnderTest cluster = clusters.get(program);
    ServerUnderTest leader = cluster.leader();
    try (WriteProbe probe = new WriteProbe(cluster.others(leader), PERIOD_MILLIS)) {
      awaitWrites(probe, Long.MIN_VALUE);
      long begin = System.nanoTime();
      if (options.end() == FailoverOptions.End.KILL) {
        leader.kill();
      } else {
        ends.get(program).add(leader.stop().toNanos() / 1e6);
      }
      awaitWrites(probe, begin);
      gaps.get(program).add(probe.longestGapMillis(begin));
    }
    leader.start();
  }

  private static void awaitWrites(WriteProbe probe, long sinceNanos) {
    Await.until(
        LIMIT,
        () -> "writes do not go on",
        () -> probe.acknowledgedOfThoseSince(sinceNanos) >= ENOUGH);
  }

  private void print(ServerProgram program) {
    boolean all = options.end() == FailoverOptions.End.KILL_ALL;
    print(program, all ? "until a write" : "without writes", gaps.get(program));
    print(program, "longest pause", longest.get(program));
    print(program, "until it is gone", ends.get(program));
  }

  private static void print(ServerProgram program, String what, List<Double> millis) {
    if (millis.isEmpty()) {
      return;
    }
    List<Double> sorted = millis.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%-6s %-17s median %5.0f ms, shortest %5.0f, longest %5.0f:%s%n",
        program.name(),
        what,
        sorted.get(sorted.size() / 2),
        sorted.get(0),
        sorted.get(sorted.size() - 1),
        sorted.stream()
            .map(each -> String.format(Locale.ROOT, " %.0f", each))
            .reduce("", String::concat));
  }
}
