package io.sampo.node.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * The Prometheus client library with etcd's names. The library reserves the suffix {@code _total}
 * for counters and always writes it; etcd has gauges with it and counters without. Such names are
 * registered with a marker that is taken off the written text.
 */
public final class MetricsRegistry {
  private static final String TOTAL = "_total";
  private static final String GAUGE_MARK = "__gauge";
  private static final String COUNTER_MARK = "__counter";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Gauge scrapesInFlight =
      gauge("promhttp_metric_handler_requests_in_flight", "Scrapes that are being answered.");
  private final Counter scrapes =
      counter("promhttp_metric_handler_requests_total", "Scrapes by HTTP status.", "code");

  public MetricsRegistry() {
    for (String code : new String[] {"200", "500", "503"}) {
      scrapes.initLabelValues(code);
    }
  }

  /** The library's registry, for collectors that come ready made. */
  public PrometheusRegistry library() {
    return registry;
  }

  public Counter counter(String name, String help, String... labels) {
    return Counter.builder()
        .name(counterName(name))
        .help(help)
        .labelNames(labels)
        .register(registry);
  }

  /** A counter whose value is read when somebody scrapes. */
  public void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(counterName(name))
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  public Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder().name(gaugeName(name)).help(help).labelNames(labels).register(registry);
  }

  /** A gauge whose value is read when somebody scrapes. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(gaugeName(name))
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** A gauge whose series and their values are read when somebody scrapes. */
  public void gauges(
      String name, String help, Consumer<GaugeWithCallback.Callback> series, String... labels) {
    GaugeWithCallback.builder()
        .name(gaugeName(name))
        .help(help)
        .labelNames(labels)
        .callback(series)
        .register(registry);
  }

  /**
   * A histogram with {@code buckets} upper bounds, from {@code start}, each {@code factor} times
   * the last.
   */
  public Histogram histogram(
      String name, String help, double start, double factor, int buckets, String... labels) {
    String registered = name.endsWith(TOTAL) ? name + GAUGE_MARK : name;
    return Histogram.builder()
        .name(registered)
        .help(help)
        .classicOnly()
        .classicExponentialUpperBounds(start, factor, buckets)
        .labelNames(labels)
        .register(registry);
  }

  /** A page of all metrics, and its content type. */
  public record Page(String contentType, byte[] body) {}

  /**
   * Writes all metrics in the format that the {@code Accept} header asks for (null: plain text).
   */
  public Page scrape(String accept) {
    scrapesInFlight.inc();
    try {
      Page page = written(accept);
      scrapes.labelValues("200").inc();
      return page;
    } finally {
      scrapesInFlight.dec();
    }
  }

  private Page written(String accept) {
    ExpositionFormatWriter writer = ExpositionFormats.init().findWriter(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    String named = text.replace(GAUGE_MARK, "").replace(COUNTER_MARK + TOTAL, "");
    return new Page(writer.getContentType(), named.getBytes(StandardCharsets.UTF_8));
  }

  private static String counterName(String name) {
    return name.endsWith(TOTAL) ? name : name + COUNTER_MARK;
  }

  private static String gaugeName(String name) {
    return name.endsWith(TOTAL) ? name + GAUGE_MARK : name;
  }
}
