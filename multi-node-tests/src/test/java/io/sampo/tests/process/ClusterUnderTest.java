package io.sampo.tests.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A new cluster of several members, each a process of its own. */
public final class ClusterUnderTest implements AutoCloseable {
  private final List<ServerUnderTest> members = new ArrayList<>();

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
    ClusterUnderTest cluster = new ClusterUnderTest();
    try {
      List<ServerUnderTest> members = ServerUnderTest.ofCluster(program, size, List.of(extraFlags));
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

  /** Counted from 0. */
  public ServerUnderTest member(int number) {
    return members.get(number);
  }

  public List<ServerUnderTest> members() {
    return List.copyOf(members);
  }

  @Override
  public void close() {
    members.forEach(ServerUnderTest::close);
  }
}
