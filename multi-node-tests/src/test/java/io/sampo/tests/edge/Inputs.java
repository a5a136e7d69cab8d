package io.sampo.tests.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The files in {@code edge/}: one input a line, with Java's escapes, and {@code {x*300}} for a text
 * three hundred times.
 */
final class Inputs {

  private static final Pattern REPEATED = Pattern.compile("\\{([^*{}]+)\\*([0-9]+)}");

  private Inputs() {}

  static List<String> of(String name) {
    try (InputStream file = Inputs.class.getResourceAsStream("/edge/" + name + ".txt");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines.lines().map(Inputs::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(String line) {
    return REPEATED
        .matcher(line.translateEscapes())
        .replaceAll(
            found ->
                java.util.regex.Matcher.quoteReplacement(
                    found.group(1).repeat(Integer.parseInt(found.group(2)))));
  }
}
