package io.sampo.node.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Prometheus client library with etcd's names. The library reserves the suffix {@code _total}
 * for counters and always writes it; etcd has gauges with it and counters without. Such names are
 * registered with a marker that is taken off the written text.
 */
public final class MetricsRegistry {
  private static final String TOTAL = "_total";
  private static final String GAUGE_MARK = "__gauge";
  private static final String COUNTER_MARK = "__counter";

  private static final Pattern BOUND = Pattern.compile("[{,](?:le|quantile)=\"([^\"]*)\"}$");

  private final ExpositionFormatWriter writer = PrometheusTextFormatWriter.create();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private StoreCounters storeCounters;
  private final Gauge scrapesInFlight =
      gauge(
          "promhttp_metric_handler_requests_in_flight", "Current number of scrapes being served.");
  private final Counter scrapes =
      counter(
          "promhttp_metric_handler_requests_total",
          "Total number of scrapes by HTTP status code.",
          "code");

  public MetricsRegistry() {
    for (String code : new String[] {"200", "500", "503"}) {
      scrapes.initLabelValues(code);
    }
  }

  /** The library's registry, for collectors that come ready made. */
  public PrometheusRegistry library() {
    return registry;
  }

  /** Registered when they are asked for first; the same for all. */
  public synchronized StoreCounters storeCounters() {
    if (storeCounters == null) {
      storeCounters = new StoreCounters(this);
    }
    return storeCounters;
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

  /**
   * All metrics in Prometheus' text format 0.0.4, the only one of text that etcd has: it does not
   * offer OpenMetrics. Numbers are Go's ({@link GoFloats}).
   */
  public byte[] scrape() {
    scrapesInFlight.inc();
    try {
      byte[] page = written();
      scrapes.labelValues("200").inc();
      return page;
    } finally {
      scrapesInFlight.dec();
    }
  }

  private byte[] written() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    String named = text.replace(GAUGE_MARK, "").replace(COUNTER_MARK + TOTAL, "");
    StringBuilder page = new StringBuilder(named.length());
    named.lines().forEach(line -> addLine(page, line));
    return page.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A comment as it is; a sample with Go's numbers: its value, and a bound as its last label. */
  private static void addLine(StringBuilder page, String line) {
    int valueStart = line.lastIndexOf(' ') + 1;
    if (line.startsWith("#") || valueStart == 0) {
      page.append(line).append('\n');
      return;
    }
    String series = line.substring(0, valueStart - 1);
    Matcher bound = BOUND.matcher(series);
    if (bound.find()) {
      page.append(series, 0, bound.start(1)).append(goNumber(bound.group(1))).append("\"}");
    } else {
      page.append(series);
    }
    page.append(' ').append(goNumber(line.substring(valueStart))).append('\n');
  }

  private static String goNumber(String text) {
    return text.endsWith("Inf") ? text : GoFloats.of(Double.parseDouble(text));
  }

  private static String counterName(String name) {
    return name.endsWith(TOTAL) ? name : name + COUNTER_MARK;
  }

  /** To the library {@code go_memstats_alloc_bytes} is the counter with {@code _total} too. */
  private static String gaugeName(String name) {
    boolean taken = name.endsWith(TOTAL) || name.equals("go_memstats_alloc_bytes");
    return taken ? name + GAUGE_MARK : name;
  }
}
