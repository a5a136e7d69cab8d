package io.sampo.node.metrics;

import java.nio.charset.StandardCharsets;

/** Reads single values from what a registry shows. */
public final class MetricsPage {
  private MetricsPage() {}

  /**
   * @param series as on the page, such as {@code etcd_network_peer_sent_bytes_total{To="2"}}
   * @return 0 if it is not there
   */
  public static double value(MetricsRegistry registry, String series) {
    return new String(registry.scrape(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }
}
