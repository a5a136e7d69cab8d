package io.sampo.tests.beside;

import io.sampo.tests.load.PacedPuts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What one program showed beside one kind of reads, in one round.
 *
 * @param puts of the one client
 * @param leaderChanges that the members have seen, of all together
 * @param readMegabytes that the readers got a second
 * @param reads that came to their end a second
 * @param errors of the readers, with their number
 * @param leaderSeconds processor time of the leader in a second
 * @param allSeconds of all members
 * @param readerSeconds of the readers' thread
 * @param peakMegabytes resident memory of the leader
 */
record BesideFigures(
    PacedPuts.Result puts,
    long leaderChanges,
    double readMegabytes,
    double reads,
    Map<String, Integer> errors,
    double leaderSeconds,
    double allSeconds,
    double readerSeconds,
    double peakMegabytes) {

  /** The same figure of every round, their median. */
  static double median(List<BesideFigures> rounds, ToDoubleFunction<BesideFigures> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
  }

  /** The errors of all rounds, those of the puts too, with their numbers; empty without any. */
  static String errors(List<BesideFigures> rounds) {
    Map<String, Integer> all = new TreeMap<>();
    for (BesideFigures round : rounds) {
      round.errors().forEach((text, count) -> all.merge("read: " + text, count, Integer::sum));
      round.puts().errors().forEach(text -> all.merge("put: " + text, 1, Integer::sum));
    }
    return all.entrySet().stream()
        .map(each -> String.format(Locale.ROOT, "%d × %s", each.getValue(), each.getKey()))
        .reduce((one, next) -> one + "; " + next)
        .orElse("");
  }
}
