package io.sampo.tests.compare.metrics;

import io.sampo.tests.compare.Identities;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code /metrics} said at one moment, ids and versions of runtimes masked.
 *
 * @param families type and help text by the family's name
 * @param values by series, buckets left out
 * @param bounds the bounds of a histogram's buckets by its name
 */
record MetricsPage(
    Map<String, Family> families, Map<String, Double> values, Map<String, String> bounds) {

  private static final Pattern BUCKET = Pattern.compile("_bucket\\{.*le=\"([^\"]*)\"}$");

  /** What is said of a family. */
  record Family(String type, String help) {}

  static MetricsPage parse(String text, Identities identities) {
    MetricsPage page = new MetricsPage(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    Map<String, String> helps =
        text.lines()
            .filter(line -> line.startsWith("# HELP "))
            .map(line -> line.split(" ", 4))
            .collect(Collectors.toMap(words -> words[2], words -> words[3]));
    text.lines().forEach(line -> page.add(line, helps, identities));
    return page;
  }

  private void add(String line, Map<String, String> helps, Identities identities) {
    if (line.startsWith("# TYPE ")) {
      String[] words = line.split(" ", 4);
      families.put(words[2], new Family(words[3], helps.getOrDefault(words[2], "")));
    } else if (!line.startsWith("#") && !line.isBlank()) {
      int end = line.lastIndexOf(' ');
      sample(line.substring(0, end), line.substring(end + 1), identities);
    }
  }

  private void sample(String series, String value, Identities identities) {
    Matcher bucket = BUCKET.matcher(series);
    if (bucket.find()) {
      String family = series.substring(0, series.indexOf("_bucket{"));
      String known = bounds.getOrDefault(family, "");
      if (!(" " + known + " ").contains(" " + bucket.group(1) + " ")) {
        bounds.put(family, (known + " " + bucket.group(1)).strip());
      }
      return;
    }
    String masked =
        identities
            .mask(series)
            .replaceAll("(go_version|go_info\\{version)=\"[^\"]*\"", "$1=\"\"")
            .replaceAll("(From)=\"127\\.0\\.0\\.1:\\d+\"", "$1=\"<address>\"");
    values.merge(masked, Double.valueOf(value.replace("Inf", "Infinity")), Double::sum);
  }

  /** The family that a series belongs to: its name, less what its type adds to it. */
  String familyOf(String series) {
    String name = series.replaceAll("\\{.*", "");
    String shorter = name.replaceAll("_(sum|count)$", "");
    return families.containsKey(name) ? name : shorter;
  }

  /** Whether the series only grows while a process runs. */
  boolean grows(String series) {
    Family family = families.get(familyOf(series));
    return family != null && !family.type().equals("gauge") && !series.contains("quantile=");
  }

  /** When the process began, in seconds of Unix time; another one after each start. */
  double processStart() {
    return values.getOrDefault("process_start_time_seconds", 0.0);
  }
}
