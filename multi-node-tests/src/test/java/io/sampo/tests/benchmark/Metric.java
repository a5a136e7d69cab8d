package io.sampo.tests.benchmark;

/** What a line of the benchmark can say. */
enum Metric {
  RATE("per second", "%,.0f"),
  P50("p50 ms", "%,.2f"),
  P99("p99 ms", "%,.2f"),
  SERVER_CPU("server CPU µs/request", "%,.1f"),
  SERVER_SECONDS("server CPU s since exec", "%,.2f"),
  GENERATOR_CPU("generator CPU µs/request", "%,.1f"),
  MILLIS("ms", "%,.0f"),
  MEGABYTES("MB resident", "%,.0f");

  private final String title;
  private final String format;

  Metric(String title, String format) {
    this.title = title;
    this.format = format;
  }

  String title() {
    return title;
  }

  String format(double value) {
    return String.format(java.util.Locale.ROOT, format, value);
  }
}
