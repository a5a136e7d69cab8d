package io.sampo.tests.abuse;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one abuse did to one server. Memory is resident, in megabytes (10^6 bytes).
 *
 * @param megabytesAfter some time after the last rude connection was closed
 * @param cpuSeconds of the server's process, the good client's calls included
 * @param leastCpuShare of one processor, in the second in which the server used least
 * @param connections how many were opened
 * @param closed how many of them the server closed
 * @param closedAfterBytes what had been sent on one of these, the median
 * @param closedAfterSeconds how long one of these was open, the median
 * @param answer what most connections were answered with
 * @param unmet those of the notes that should be otherwise
 */
record Outcome(
    String abuse,
    String server,
    double megabytesBefore,
    double megabytesPeak,
    double megabytesAfter,
    double cpuSeconds,
    double leastCpuShare,
    double seconds,
    int connections,
    int closed,
    long closedAfterBytes,
    double closedAfterSeconds,
    long sentBytes,
    String answer,
    GoodClient.Experience good,
    LogFigures log,
    List<String> notes,
    List<String> unmet) {

  static Outcome of(
      String abuse,
      String server,
      ServerMonitor monitor,
      double seconds,
      RudeClients clients,
      GoodClient.Experience good,
      LogFigures log) {
    List<RudeConnection> all = clients.connections();
    List<RudeConnection> closed = all.stream().filter(RudeConnection::isClosedByServer).toList();
    return new Outcome(
        abuse,
        server,
        monitor.megabytesBefore(),
        monitor.peakMegabytes(),
        monitor.megabytes(),
        monitor.cpuSeconds(),
        monitor.leastCpuShare(),
        seconds,
        all.size(),
        closed.size(),
        (long) median(closed.stream().map(each -> (double) each.sentBytes()).toList()),
        median(closed.stream().map(RudeConnection::secondsOpen).toList()),
        all.stream().mapToLong(RudeConnection::sentBytes).sum(),
        mostFrequentAnswer(all),
        good,
        log,
        clients.notes(),
        clients.unmet());
  }

  private static double median(List<Double> values) {
    return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String mostFrequentAnswer(List<RudeConnection> connections) {
    Map<String, Integer> counts = new TreeMap<>();
    connections.forEach(each -> counts.merge(each.answers().summary(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Comparator.comparing(entry -> entry.getValue()))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  double growthMegabytes() {
    return megabytesPeak - megabytesBefore;
  }
}
