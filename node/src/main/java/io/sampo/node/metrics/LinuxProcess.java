package io.sampo.node.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What Go's Prometheus client reads of a process in {@code /proc} and Java's does not. The bytes
 * are those of the whole network namespace, as there.
 */
record LinuxProcess(Path netstat, Path limits) {
  static final LinuxProcess OF_THIS =
      new LinuxProcess(Path.of("/proc/self/net/netstat"), Path.of("/proc/self/limits"));

  static final Path STATUS_OF_THIS = Path.of("/proc/self/status");

  private static final String THREADS = "Threads:";
  private static final String ADDRESS_SPACE = "Max address space";

  /** Go's client takes a limit that is not set for the largest number of 64 bits. */
  private static final double UNLIMITED = 0x1p64;

  /**
   * How many threads the system runs for a process.
   *
   * @param status its {@code /proc/…/status}
   * @return 0 where there is no such file
   */
  static double threads(Path status) {
    if (!Files.isReadable(status)) {
      return 0;
    }
    return lines(status).stream()
        .filter(line -> line.startsWith(THREADS))
        .mapToDouble(line -> Double.parseDouble(line.substring(THREADS.length()).strip()))
        .findFirst()
        .orElse(0);
  }

  /** Does nothing where the system has no such files. */
  void register(MetricsRegistry registry) {
    if (Files.isReadable(netstat)) {
      registry.counter(
          "process_network_receive_bytes_total",
          "Number of bytes received by the process over the network.",
          () -> octets("InOctets"));
      registry.counter(
          "process_network_transmit_bytes_total",
          "Number of bytes sent by the process over the network.",
          () -> octets("OutOctets"));
    }
    if (Files.isReadable(limits)) {
      registry.gauge(
          "process_virtual_memory_max_bytes",
          "Maximum amount of virtual memory available in bytes.",
          this::addressSpaceBytes);
    }
  }

  /** A line of names is followed by a line of values; 0 if there is no such name. */
  private double octets(String name) {
    List<List<String>> rows =
        lines(netstat).stream()
            .filter(line -> line.startsWith("IpExt:"))
            .map(line -> Arrays.asList(line.split(" +")))
            .toList();
    int column = rows.size() == 2 ? rows.get(0).indexOf(name) : -1;
    return column < 0 ? 0 : Double.parseDouble(rows.get(1).get(column));
  }

  private double addressSpaceBytes() {
    return lines(limits).stream()
        .filter(line -> line.startsWith(ADDRESS_SPACE))
        .map(line -> line.substring(ADDRESS_SPACE.length()).strip().split(" +")[0])
        .mapToDouble(soft -> soft.equals("unlimited") ? UNLIMITED : Double.parseDouble(soft))
        .findFirst()
        .orElse(UNLIMITED);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read any more", e);
    }
  }
}
