package io.sampo.node.boot.flag;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Every flag there is, in the order of {@code --help}; read from {@code flags.txt} beside this
 * class.
 */
public final class FlagTable {
  private static final FlagTable ETCD = new FlagTable();

  private final Map<String, FlagSpec> byName = new LinkedHashMap<>();
  private final Map<String, FlagSpec> inFiles = new LinkedHashMap<>();

  private FlagTable() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    FlagTable.class.getResourceAsStream("flags.txt"), "flags.txt"),
                StandardCharsets.UTF_8))) {
      String section = "";
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("[")) {
          section = line.substring(1, line.length() - 1);
        } else if (!line.isBlank() && !line.startsWith("#")) {
          FlagSpec spec = parse(line, section);
          (spec.status() == FlagSpec.Status.FILE_ONLY ? inFiles : byName).put(spec.name(), spec);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("flags.txt", e);
    }
  }

  private static FlagSpec parse(String line, String section) {
    String[] cells = line.split("\\|", -1);
    return new FlagSpec(
        cells[0].strip(),
        FlagType.valueOf(cells[1].strip()),
        cells[2].strip(),
        section,
        FlagSpec.Status.valueOf(cells[3].strip()),
        cells[4].strip(),
        cells.length > 5 ? cells[5].strip() : "");
  }

  /** The flags of etcd 3.7.1. */
  public static FlagTable etcd() {
    return ETCD;
  }

  /** The flag of that name, or null. */
  public FlagSpec get(String name) {
    return byName.get(name);
  }

  /** As {@link #get}, with what only a configuration file can set. */
  public FlagSpec getForFile(String name) {
    return byName.getOrDefault(name, inFiles.get(name));
  }

  /** All of them. */
  public Collection<FlagSpec> all() {
    return byName.values();
  }
}
