package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxProcessTest {
  private static final String NETSTAT =
      """
      TcpExt: SyncookiesSent InOctets
      TcpExt: 0 77
      IpExt: InNoRoutes InOctets OutOctets
      IpExt: 5 100020511923 99709646497
      """;

  @TempDir Path directory;
  private final MetricsRegistry registry = new MetricsRegistry();
  private Path netstat;
  private Path limits;

  @BeforeEach
  void files() throws IOException {
    netstat = Files.writeString(directory.resolve("netstat"), NETSTAT);
    limits = directory.resolve("limits");
  }

  @Test
  void bytesOfTheNetworkAreTheOctetsOfIp() {
    new LinuxProcess(netstat, limits).register(registry);
    assertEquals(1.00020511923e11, value("process_network_receive_bytes_total"));
    assertEquals(9.9709646497e10, value("process_network_transmit_bytes_total"));
  }

  @Test
  void aMissingFileMeansNoFamily() {
    new LinuxProcess(directory.resolve("none"), limits).register(registry);
    assertFalse(new String(registry.scrape(), StandardCharsets.UTF_8).contains("process_"));
  }

  @Test
  void noLimitOfMemoryIsTheLargestNumber() throws IOException {
    limit("unlimited");
    assertEquals(0x1p64, value("process_virtual_memory_max_bytes"));
  }

  @Test
  void theLimitOfMemoryIsTheSoftOne() throws IOException {
    limit("4096000");
    assertEquals(4096000, value("process_virtual_memory_max_bytes"));
  }

  @Test
  void threadsAreThoseOfTheStatus() throws IOException {
    Path status = Files.writeString(directory.resolve("status"), "Name:\tjava\nThreads:\t37\n");
    assertEquals(37, LinuxProcess.threads(status));
    assertEquals(0, LinuxProcess.threads(directory.resolve("none")));
  }

  private void limit(String soft) throws IOException {
    Files.writeString(
        limits,
        "Limit                     Soft Limit           Hard Limit           Units\n"
            + "Max address space         "
            + soft
            + "            unlimited            bytes\n");
    new LinuxProcess(netstat, limits).register(registry);
  }

  private double value(String series) {
    return MetricsPage.value(registry, series);
  }
}
