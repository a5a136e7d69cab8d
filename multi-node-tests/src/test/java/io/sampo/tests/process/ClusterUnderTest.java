package io.sampo.tests.process;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

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

  /**
   * Launches none of them.
   *
   * @param extraFlags by the member's number, counted from 1
   */
  public static ClusterUnderTest notLaunched(
      ServerProgram program, int size, IntFunction<List<String>> extraFlags) {
    ClusterUnderTest cluster = new ClusterUnderTest();
    cluster.members.addAll(ServerUnderTest.ofCluster(program, size, extraFlags));
    return cluster;
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
