package io.sampo.tests.abuse;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How much a server has written to its log.
 *
 * @param lines all of them
 * @param largestStack calls in the longest stack trace; 0 if there is none
 * @param stackBegin the line that the longest stack trace stands in or follows, and its first calls
 */
public record LogFigures(int lines, int largestStack, String stackBegin) {
  /** A call in a stack of Java, or of Go. */
  private static final Pattern CALL =
      Pattern.compile("\\bat [\\w.$/@-]+\\([^)\\s]*\\)|/[\\w.@/-]+\\.go:\\d+");

  private static final int BEGIN_CHARACTERS = 1_500;

  /** Of what stands in the log behind its first lines. */
  public static LogFigures of(String log, int skippedLines) {
    List<String> lines = log.lines().skip(skippedLines).toList();
    int largest = 0;
    String begin = "";
    int calls = 0;
    String before = "";
    for (String line : lines) {
      int here = (int) CALL.matcher(line).results().count();
      // A line of a log of JSON names its own place in the source: one call is no stack.
      boolean continues = here > 0 && !line.startsWith("{");
      calls = continues ? calls + here : here;
      if (!continues) {
        before = line;
      } else if (before.length() < BEGIN_CHARACTERS) {
        before += "\n" + line;
      }
      if (calls > Math.max(1, largest)) {
        largest = calls;
        begin = before;
      }
    }
    return new LogFigures(
        lines.size(), largest, begin.substring(0, Math.min(BEGIN_CHARACTERS, begin.length())));
  }
}
