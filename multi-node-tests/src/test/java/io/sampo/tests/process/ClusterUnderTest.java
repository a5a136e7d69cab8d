package io.sampo.tests.process;

import java.util.ArrayList;
import java.util.List;

/** A new cluster of several members, each a process of its own. */
public final class ClusterUnderTest implements AutoCloseable {
  private final List<ServerUnderTest> members = new ArrayList<>();

  /**
   * Starts them all; serving when this returns.
   *
   * @param extraFlags of every member
   */
  public static ClusterUnderTest start(ServerProgram program, int size, String... extraFlags) {
    ClusterUnderTest cluster = new ClusterUnderTest();
    try {
      List<ServerUnderTest> members = ServerUnderTest.ofCluster(program, size, List.of(extraFlags));
      cluster.members.addAll(members);
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
