package io.sampo.node.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsRegistryTest {
  private final MetricsRegistry registry = new MetricsRegistry();

  @Test
  void namesAreEtcdsWhateverTheLibraryThinksOfThem() {
    registry.gauge("etcd_a_total", "a gauge", () -> 3);
    registry.counter("etcd_b", "a counter").inc(2);
    registry.counter("etcd_c_total", "another counter").inc();
    registry.histogram("etcd_d_total", "a histogram", 1, 2, 3).observe(1.5);
    String page = page();
    assertTrue(page.contains("# TYPE etcd_a_total gauge\netcd_a_total 3\n"), page);
    assertTrue(page.contains("# TYPE etcd_b counter\netcd_b 2\n"), page);
    assertTrue(page.contains("etcd_c_total 1\n"), page);
    assertTrue(page.contains("etcd_d_total_bucket{le=\"2\"} 1\n"), page);
    assertFalse(page.contains("__"), page);
  }

  private String page() {
    return new String(registry.scrape(), StandardCharsets.UTF_8);
  }

  @Test
  void scrapesAreCountedAsThePromhttpHandlerCountsThem() {
    page();
    String page = page();
    assertTrue(page.contains("promhttp_metric_handler_requests_total{code=\"200\"} 1"), page);
    assertTrue(page.contains("promhttp_metric_handler_requests_total{code=\"500\"} 0"), page);
    assertTrue(page.contains("promhttp_metric_handler_requests_in_flight 1"), page);
  }

  @Test
  void seriesCanBeReadWhenSomebodyScrapes() {
    List<String> labels = new ArrayList<>();
    registry.gauges("some_gauge", "help", series -> labels.forEach(it -> series.call(2, it)), "l");
    labels.add("late");
    String page = page();
    assertTrue(page.contains("some_gauge{l=\"late\"} 2"), page);
  }

  @Test
  void numbersAreGosInValuesAndBounds() {
    registry.gauge("some_bytes", "help", () -> 1 << 20);
    registry.histogram("some_seconds", "help", 0.0001, 10, 2, "op").labelValues("a b").observe(1);
    String page = page();
    assertTrue(page.contains("some_bytes 1.048576e+06\n"), page);
    assertTrue(page.contains("some_seconds_bucket{op=\"a b\",le=\"0.0001\"} 0\n"), page);
    assertTrue(page.contains("some_seconds_bucket{op=\"a b\",le=\"+Inf\"} 1\n"), page);
    assertTrue(page.contains("some_seconds_sum{op=\"a b\"} 1\n"), page);
  }
}
