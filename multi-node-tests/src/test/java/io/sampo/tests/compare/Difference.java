package io.sampo.tests.compare;

import java.util.Optional;
import java.util.stream.Collectors;

/** Two answers to one request that are not the same. */
public record Difference(String step, String etcd, String other, Optional<String> reason) {

  private static final int SHOWN = 1_500;

  /** The same with what the list of known differences says of it. */
  Difference because(Optional<String> known) {
    return new Difference(step, etcd, other, known);
  }

  @Override
  public String toString() {
    String head = reason.map(text -> "known: " + step + ": " + text).orElse("DIFFERENT: " + step);
    if (reason.isPresent()) {
      return head;
    }
    int same = sameLines();
    String skipped = same == 0 ? "" : "\n  (" + same + " equal lines)";
    return head + skipped + "\n  etcd:  " + shown(etcd, same) + "\n  other: " + shown(other, same);
  }

  /** How many lines are equal before the first that is not. */
  private int sameLines() {
    String[] left = etcd.split("\n", -1);
    String[] right = other.split("\n", -1);
    int same = 0;
    while (same < Math.min(left.length, right.length) && left[same].equals(right[same])) {
      same++;
    }
    return same;
  }

  private static String shown(String text, int skippedLines) {
    String rest = text.lines().skip(skippedLines).collect(Collectors.joining("\n"));
    String part = rest.length() > SHOWN ? rest.substring(0, SHOWN) + " ..." : rest;
    return part.strip().replace("\n", "\n         ");
  }
}
