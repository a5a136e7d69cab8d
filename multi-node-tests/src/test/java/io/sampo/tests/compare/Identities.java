package io.sampo.tests.compare;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names that stand for what two clusters cannot have in common: ids, addresses, directories.
 */
public final class Identities {

  private final Map<String, String> latest = new HashMap<>();

  /** The longest first, as one may be the beginning of another. */
  private final Map<String, String> masks =
      new TreeMap<>(
          Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

  /** Nothing is masked yet. */
  public Identities() {}

  /** From now on this text is shown by that name. */
  void text(String text, String name) {
    masks.putIfAbsent(text, "<" + name + ">");
  }

  /** A member's or cluster's id, in all the ways in which it is written. */
  public void id(long id, String name) {
    String hex = Long.toHexString(id);
    text(hex, name);
    text(Long.toUnsignedString(id), name);
    latest.put(name, hex);
  }

  /** The id that this name was given last, in hexadecimal. */
  public String hex(String name) {
    if (!latest.containsKey(name)) {
      throw new IllegalStateException("no id is known of " + name + ": " + latest);
    }
    return latest.get(name);
  }

  public String mask(String text) {
    String masked = text;
    for (Map.Entry<String, String> entry : masks.entrySet()) {
      masked = masked.replace(entry.getKey(), entry.getValue());
    }
    return masked;
  }
}
