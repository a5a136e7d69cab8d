package io.sampo.tests.faults;

import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.StatusResponse;
import io.sampo.tests.faults.network.FaultyNetwork;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Members as processes whose peer URLs lead through a {@link FaultyNetwork}. */
final class FaultyCluster implements AutoCloseable {
  /** Elections, catching up and starting, on a machine that may have much else to do. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration STATUS_LIMIT = Duration.ofSeconds(2);

  private final FaultyNetwork network = new FaultyNetwork();
  private final ClusterUnderTest cluster;
  private int drawn;

  FaultyCluster(ServerProgram program, int size, List<String> flags) {
    try {
      cluster = ClusterUnderTest.start(program, size, this::proxy, flags);
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private int proxy(ServerUnderTest member) {
    int port = FreePorts.take();
    network.add(drawn++, port, member.peerPort(), () -> member.isRunning() ? member.pid() : -1);
    return port;
  }

  /** A member that is about to be added; not launched. */
  ServerUnderTest join(String name) {
    return cluster.join(name, this::proxy);
  }

  /** A member that has been removed and is not asked any more. */
  void drop(ServerUnderTest member) {
    cluster.drop(member);
  }

  FaultyNetwork network() {
    return network;
  }

  int size() {
    return cluster.members().size();
  }

  ServerUnderTest member(int number) {
    return cluster.member(number);
  }

  List<ServerUnderTest> members() {
    return cluster.members();
  }

  /** Who says that it leads, in the newest term; empty if nobody does. */
  OptionalInt leader() {
    long newestTerm = 0;
    OptionalInt leader = OptionalInt.empty();
    for (int member = 0; member < size(); member++) {
      StatusResponse status = status(member);
      boolean leads =
          status.getLeader() != 0 && status.getLeader() == status.getHeader().getMemberId();
      if (leads && status.getRaftTerm() > newestTerm) {
        newestTerm = status.getRaftTerm();
        leader = OptionalInt.of(member);
      }
    }
    return leader;
  }

  /** Empty if it does not answer. */
  private StatusResponse status(int member) {
    try (GrpcClient client = new GrpcClient(member(member).endpoint(), STATUS_LIMIT)) {
      return client.call(
          "/etcdserverpb.Maintenance/Status",
          StatusRequest.getDefaultInstance(),
          StatusResponse.getDefaultInstance());
    } catch (io.grpc.StatusRuntimeException silent) {
      return StatusResponse.getDefaultInstance();
    }
  }

  int awaitLeader() {
    Await.until(PATIENCE, () -> "nobody leads\n" + tails(), () -> leader().isPresent());
    return leader().orElseGet(this::awaitLeader);
  }

  /** Waits until every member answers a linearizable read. */
  void awaitServing() {
    for (ServerUnderTest member : members()) {
      Await.until(
          PATIENCE,
          () -> member.name() + " does not serve though nothing is wrong\n" + tails(),
          () -> isServing(member));
    }
  }

  private static boolean isServing(ServerUnderTest member) {
    if (!member.isRunning()) {
      throw new AssertionError(member.name() + " has ended:\n" + member.log());
    }
    return Http.tryGet(member.url() + "/health")
        .map(answer -> answer.status() == 200)
        .orElse(false);
  }

  /** Revision and hash of each member. */
  List<String> hashes() {
    return IntStream.range(0, size()).mapToObj(this::hash).toList();
  }

  private String hash(int member) {
    try (GrpcClient client = new GrpcClient(member(member).endpoint())) {
      HashKVResponse hash =
          client.call(
              "/etcdserverpb.Maintenance/HashKV",
              HashKVRequest.getDefaultInstance(),
              HashKVResponse.getDefaultInstance());
      return hash.getHeader().getRevision() + " " + hash.getHash();
    }
  }

  private String tails() {
    StringBuilder all = new StringBuilder();
    for (ServerUnderTest member : members()) {
      // The questions of the one who waits say nothing.
      List<String> lines =
          member.log().lines().filter(line -> !line.contains("/health error")).toList();
      all.append("---- ").append(member.name()).append('\n');
      lines.stream().skip(Math.max(0, lines.size() - 40)).forEach(l -> all.append(l).append('\n'));
    }
    return all.toString();
  }

  @Override
  public void close() {
    cluster.close();
    network.close();
  }
}
