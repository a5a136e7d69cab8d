package io.sampo.tests.compare;

import io.sampo.tests.edge.EdgeCase;
import io.sampo.tests.edge.EdgeCases;
import io.sampo.tests.edge.EdgeServer;
import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * The same bytes to both servers. Many conversations run side by side; one that differs is had
 * again with more patience, so that a busy machine makes no difference. Where etcd answers by
 * chance in one way or another, either is its answer.
 */
final class EdgeComparison {

  private static final int SIDE_BY_SIDE = 64;
  private static final int CHANCES = 5;
  private static final long[] QUIET_MILLIS = {1_500, 4_000};

  private final EdgeServer etcd;
  private final EdgeServer other;

  private EdgeComparison(EdgeServer etcd, EdgeServer other) {
    this.etcd = etcd;
    this.other = other;
  }

  /**
   * Runs the conversations.
   *
   * @param only those whose name has this in it
   */
  static Comparison run(ServerProgram etcdProgram, ServerProgram otherProgram, Pattern only) {
    List<EdgeCase> cases =
        EdgeCases.all().stream().filter(one -> only.matcher(one.name()).find()).toList();
    try (EdgeServer etcd = EdgeServer.start(etcdProgram);
        EdgeServer other = EdgeServer.start(otherProgram)) {
      String version = etcd.version();
      KnownDifferences known = KnownDifferences.load();
      EdgeComparison comparison = new EdgeComparison(etcd, other);
      List<Difference> differences =
          comparison.differences(cases).stream()
              .map(difference -> difference.because(known.reason(version, difference.step())))
              .filter(one -> one.reason().isPresent() || !comparison.isChance(one, cases))
              .toList();
      return new Comparison(version, cases.size(), differences);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<Difference> differences(List<EdgeCase> all) throws InterruptedException {
    List<EdgeCase> rest = all;
    Map<String, Difference> found = Map.of();
    for (int turn = 0; turn < QUIET_MILLIS.length; turn++) {
      found = turn(rest, QUIET_MILLIS[turn]);
      Map<String, Difference> differing = found;
      System.err.println(
          "turn "
              + (turn + 1)
              + ": "
              + found.size()
              + " of "
              + rest.size()
              + " conversations differ");
      rest = rest.stream().filter(one -> differing.containsKey(one.name())).toList();
    }
    Map<String, Difference> differing = found;
    return all.stream()
        .map(EdgeCase::name)
        .filter(differing::containsKey)
        .distinct()
        .map(differing::get)
        .toList();
  }

  /** Whether etcd, asked again and again, answers as the other did. */
  private boolean isChance(Difference difference, List<EdgeCase> cases) {
    EdgeCase asked =
        cases.stream()
            .filter(one -> one.name().equals(difference.step()))
            .findFirst()
            .orElseThrow();
    for (int again = 0; again < CHANCES; again++) {
      try {
        if (EdgeCases.ask(etcd, asked, QUIET_MILLIS[0]).equals(difference.other())) {
          return true;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    return false;
  }

  private Map<String, Difference> turn(List<EdgeCase> cases, long quietMillis)
      throws InterruptedException {
    Map<String, Difference> found = new ConcurrentSkipListMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (EdgeCase one : cases) {
        running.add(pool.submit(() -> both(one, quietMillis, found)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    return found;
  }

  private Void both(EdgeCase one, long quietMillis, Map<String, Difference> found)
      throws InterruptedException {
    String expected = EdgeCases.ask(etcd, one, quietMillis);
    String actual = EdgeCases.ask(other, one, quietMillis);
    if (!expected.equals(actual)) {
      found.put(one.name(), new Difference(one.name(), expected, actual, Optional.empty()));
    }
    return null;
  }
}
