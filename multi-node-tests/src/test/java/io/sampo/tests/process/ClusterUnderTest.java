package io.sampo.tests.process;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/** A new cluster of several members, each a process of its own. */
public final class ClusterUnderTest implements AutoCloseable {
  private static final Duration LEADER_LIMIT = Duration.ofSeconds(60);

  private final ServerProgram program;
  private final List<String> flags;
  private final List<ServerUnderTest> members = new CopyOnWriteArrayList<>();

  private ClusterUnderTest(ServerProgram program, List<String> flags) {
    this.program = program;
    this.flags = flags;
  }

  /**
   * Starts them all; serving when this returns.
   *
   * @param extraFlags of every member
   */
  public static ClusterUnderTest start(ServerProgram program, int size, String... extraFlags) {
    return prepared(program, size, member -> {}, extraFlags);
  }

  /**
   * The same, after something was done for each of them.
   *
   * @param prepare may make the data directory of the member
   */
  public static ClusterUnderTest prepared(
      ServerProgram program, int size, Consumer<ServerUnderTest> prepare, String... extraFlags) {
    return start(program, size, ServerUnderTest::peerPort, prepare, List.of(extraFlags));
  }

  /**
   * The same with peer URLs that lead elsewhere.
   *
   * @param advertised at which port others are to reach a member
   */
  public static ClusterUnderTest start(
      ServerProgram program,
      int size,
      ToIntFunction<ServerUnderTest> advertised,
      List<String> extraFlags) {
    return start(program, size, advertised, member -> {}, extraFlags);
  }

  private static ClusterUnderTest start(
      ServerProgram program,
      int size,
      ToIntFunction<ServerUnderTest> advertised,
      Consumer<ServerUnderTest> prepare,
      List<String> extraFlags) {
    ClusterUnderTest cluster = new ClusterUnderTest(program, extraFlags);
    try {
      List<ServerUnderTest> members =
          ServerUnderTest.ofCluster(program, size, advertised, number -> extraFlags);
      cluster.members.addAll(members);
      members.forEach(prepare);
      members.forEach(ServerUnderTest::launch);
      members.forEach(ServerUnderTest::awaitReady);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /**
   * Launches none of them.
   *
   * @param extraFlags by the member's number, counted from 1
   */
  public static ClusterUnderTest notLaunched(
      ServerProgram program, int size, IntFunction<List<String>> extraFlags) {
    ClusterUnderTest cluster = new ClusterUnderTest(program, List.of());
    cluster.members.addAll(
        ServerUnderTest.ofCluster(program, size, ServerUnderTest::peerPort, extraFlags));
    return cluster;
  }

  /**
   * One more member, which must have been added to the cluster before it is launched.
   *
   * @param advertised at which port others are to reach it
   */
  public ServerUnderTest join(String name, ToIntFunction<ServerUnderTest> advertised) {
    ServerUnderTest member = ServerUnderTest.joining(program, name, members(), advertised, flags);
    members.add(member);
    return member;
  }

  /** Ends a member for good. */
  public void drop(ServerUnderTest member) {
    members.remove(member);
    member.close();
  }

  /** The member that leads; waits for one. */
  public ServerUnderTest leader() {
    AtomicReference<ServerUnderTest> found = new AtomicReference<>();
    Await.until(
        LEADER_LIMIT,
        () -> "nobody leads",
        () -> {
          members.stream()
              .filter(ServerUnderTest::isRunning)
              .filter(ServerUnderTest::leads)
              .forEach(found::set);
          return found.get() != null;
        });
    return found.get();
  }

  /** All but this one. */
  public List<ServerUnderTest> others(ServerUnderTest member) {
    return members.stream().filter(each -> each != member).toList();
  }

  /** Counted from 0. */
  public ServerUnderTest member(int number) {
    return members.get(number);
  }

  public List<ServerUnderTest> members() {
    return List.copyOf(members);
  }

  /** Where the members serve their clients, in their order. */
  public List<Integer> clientPorts() {
    return members.stream().map(ServerUnderTest::clientPort).toList();
  }

  @Override
  public void close() {
    members.forEach(ServerUnderTest::close);
  }
}
