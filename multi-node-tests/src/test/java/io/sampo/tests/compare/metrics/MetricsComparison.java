package io.sampo.tests.compare.metrics;

import io.sampo.tests.compare.Comparison;
import io.sampo.tests.compare.Difference;
import io.sampo.tests.compare.KnownDifferences;
import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The same load on members of one program and of the other, and what {@code /metrics} shows of each
 * phase: by how much a counter grew in it, what a gauge says at its end.
 */
public final class MetricsComparison {

  private static final String VERSION = "3.7.1";
  private static final String FAMILIES = "(etcd|grpc|process|os|promhttp|go)_.*";

  private final MetricsBands bands = MetricsBands.load();
  private final KnownDifferences known = KnownDifferences.load();
  private final List<Difference> differences = new ArrayList<>();
  private int compared;

  private MetricsComparison() {}

  /** Runs {@code compare/metrics-one.txt} on one member and {@code …-three.txt} on three. */
  public static Comparison run(ServerProgram etcd, ServerProgram other, long seed) {
    return run(etcd, other, "one", 1, seed).and(run(etcd, other, "three", 3, seed));
  }

  public static Comparison run(
      ServerProgram etcd, ServerProgram other, String script, int members, long seed) {
    List<MetricsScript.Phase> phases = MetricsScript.load(script, seed);
    MetricsComparison comparison = new MetricsComparison();
    Seen expected = comparison.seen(etcd, members, phases);
    Seen actual = comparison.seen(other, members, phases);
    comparison.compare("metrics/" + script + "/", expected, actual);
    return new Comparison(VERSION, comparison.compared, comparison.differences);
  }

  /**
   * What one program showed.
   *
   * @param values by phase, member and series
   * @param families what is said of each, in all phases
   */
  private record Seen(Map<String, Map<String, Double>> values, Map<String, String> families) {}

  private Seen seen(ServerProgram program, int members, List<MetricsScript.Phase> phases) {
    Seen seen = new Seen(new LinkedHashMap<>(), new TreeMap<>());
    try (MetricsCluster cluster = new MetricsCluster(program, members)) {
      Map<String, MetricsPage> before = look(cluster, "start", Map.of(), seen);
      if (members > 1) {
        seen.values().clear(); // who led first, and how often that changed, is luck
      }
      for (MetricsScript.Phase phase : phases) {
        phase.actions().forEach(action -> action.accept(cluster));
        before = look(cluster, phase.name(), before, seen);
      }
    }
    return seen;
  }

  private Map<String, MetricsPage> look(
      MetricsCluster cluster, String phase, Map<String, MetricsPage> before, Seen seen) {
    Map<String, MetricsPage> now =
        cluster.settled(
            series -> series.matches(FAMILIES) && bands.of(series) == MetricsBands.SAME);
    now.forEach(
        (member, page) -> {
          seen.values().put(phase + "/" + member, grown(page, before.get(member)));
          page.families().forEach((name, family) -> note(seen, page, name, family));
        });
    return now;
  }

  private static void note(Seen seen, MetricsPage page, String name, MetricsPage.Family family) {
    if (name.matches(FAMILIES)) {
      String bounds = page.bounds().getOrDefault(name, "");
      String help = name.startsWith("go_") ? "" : family.help();
      seen.families().put(name, (family.type() + " " + bounds).strip() + "\n" + help);
    }
  }

  private static Map<String, Double> grown(MetricsPage page, MetricsPage before) {
    Map<String, Double> grown = new TreeMap<>();
    boolean sameProcess = before != null && before.processStart() == page.processStart();
    page.values()
        .forEach(
            (series, value) -> {
              if (series.matches(FAMILIES)) {
                double base =
                    sameProcess && page.grows(series)
                        ? before.values().getOrDefault(series, 0.0)
                        : 0.0;
                grown.put(series, value - base);
              }
            });
    return grown;
  }

  private void compare(String script, Seen expected, Seen actual) {
    for (String name : union(expected.families(), actual.families())) {
      String etcd = expected.families().getOrDefault(name, "none");
      String other = actual.families().getOrDefault(name, "none");
      compared++;
      if (!etcd.equals(other)) {
        differ(script + "families/" + name, etcd, other);
      }
    }
    expected
        .values()
        .forEach(
            (phase, values) -> {
              compareValues(
                  script + phase + "/", values, actual.values().getOrDefault(phase, Map.of()));
            });
  }

  private void compareValues(String phase, Map<String, Double> etcd, Map<String, Double> other) {
    for (String series : union(etcd, other)) {
      double left = etcd.getOrDefault(series, Double.NaN);
      double right = other.getOrDefault(series, Double.NaN);
      compared++;
      if (!bands.of(series).holds(left, right)) {
        differ(phase + series, text(left), text(right));
      }
    }
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "none" : Double.toString(value).replaceAll("\\.0$", "");
  }

  private void differ(String step, String etcd, String other) {
    differences.add(new Difference(step, etcd, other, known.reason(VERSION, step)));
  }

  private static Set<String> union(Map<String, ?> left, Map<String, ?> right) {
    Set<String> union = new TreeSet<>(left.keySet());
    union.addAll(right.keySet());
    return union;
  }
}
