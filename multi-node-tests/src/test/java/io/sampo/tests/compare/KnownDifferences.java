package io.sampo.tests.compare;

import io.sampo.tests.process.ListFile;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The list in {@code known-differences.txt}: which etcd, which step, why. */
public final class KnownDifferences {

  private static final String FILE = "/known-differences.txt";

  private static final String CRASHES = "crashes: ";

  private record Entry(Pattern version, Pattern step, String reason) {}

  private final List<Entry> entries;

  private KnownDifferences(List<Entry> entries) {
    this.entries = entries;
  }

  public static KnownDifferences load() {
    return new KnownDifferences(ListFile.rows(FILE).stream().map(KnownDifferences::entry).toList());
  }

  private static Entry entry(String[] row) {
    return new Entry(Pattern.compile(row[0]), Pattern.compile(row[1]), row[2]);
  }

  /** Whether that etcd must not be asked this, because it would end. */
  boolean crashes(String etcdVersion, String step) {
    return reason(etcdVersion, step).map(reason -> reason.startsWith(CRASHES)).orElse(false);
  }

  public Optional<String> reason(String etcdVersion, String step) {
    return entries.stream()
        .filter(entry -> entry.version.matcher(etcdVersion).matches())
        .filter(entry -> entry.step.matcher(step).matches())
        .map(Entry::reason)
        .findFirst();
  }
}
