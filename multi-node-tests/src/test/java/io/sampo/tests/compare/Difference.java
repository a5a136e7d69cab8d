package io.sampo.tests.compare;

import java.util.Optional;

/** Two answers to one request that are not the same. */
record Difference(String step, String etcd, String other, Optional<String> reason) {

  private static final int SHOWN = 1_500;

  @Override
  public String toString() {
    String head = reason.map(text -> "known: " + step + ": " + text).orElse("DIFFERENT: " + step);
    if (reason.isPresent()) {
      return head;
    }
    return head + "\n  etcd:  " + shown(etcd) + "\n  other: " + shown(other);
  }

  private static String shown(String text) {
    String part = text.length() > SHOWN ? text.substring(0, SHOWN) + " ..." : text;
    return part.strip().replace("\n", "\n         ");
  }
}
