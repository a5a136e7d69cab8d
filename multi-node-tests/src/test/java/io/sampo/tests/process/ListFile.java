package io.sampo.tests.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A list of the test resources: one row a line, three columns between {@code ::}, comments. */
public final class ListFile {
  private static final String BETWEEN = " :: ";
  private static final int COLUMNS = 3;

  private ListFile() {}

  /**
   * The rows in their order.
   *
   * @throws IllegalArgumentException if one has other columns
   */
  public static List<String[]> rows(String resource) {
    InputStream file = ListFile.class.getResourceAsStream(resource);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(file, resource), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> columns(resource, line))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] columns(String resource, String line) {
    String[] columns = line.split(BETWEEN, COLUMNS);
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException(resource + ": no three columns: " + line);
    }
    return columns;
  }
}
