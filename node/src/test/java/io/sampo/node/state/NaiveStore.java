package io.sampo.node.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The key space as one would write it in an afternoon: the whole map of every revision, side by
 * side. Texts stand for bytes; tests keep to ASCII, where their orders agree.
 */
final class NaiveStore {
  /** A key's state. */
  record Entry(String value, long create, long mod, long version, long lease) {}

  /** A write, for the history. */
  record Write(String key, long revision, int sub, boolean delete) {}

  private final Map<Long, TreeMap<String, Entry>> byRevision = new TreeMap<>();
  private final List<Write> history = new ArrayList<>();
  private TreeMap<String, Entry> current = new TreeMap<>();
  private long revision = 1;
  private int sub;

  NaiveStore() {
    byRevision.put(1L, current);
  }

  void begin() {
    current = new TreeMap<>(current);
    sub = 0;
  }

  void put(String key, String value, long lease) {
    Entry before = current.get(key);
    long next = revision + 1;
    current.put(
        key,
        before == null
            ? new Entry(value, next, next, 1, lease)
            : new Entry(value, before.create, next, before.version + 1, lease));
    history.add(new Write(key, next, sub++, false));
  }

  /** An end of null means the key alone, an empty end means no bound. */
  int delete(String key, String end) {
    List<String> keys = List.copyOf(range(current, key, end).keySet());
    for (String each : keys) {
      current.remove(each);
      history.add(new Write(each, revision + 1, sub++, true));
    }
    return keys.size();
  }

  void commit() {
    if (sub > 0) {
      revision++;
      byRevision.put(revision, current);
    } else {
      current = byRevision.get(revision);
    }
  }

  long revision() {
    return revision;
  }

  TreeMap<String, Entry> at(long at) {
    return byRevision.get(at);
  }

  TreeMap<String, Entry> now() {
    return current;
  }

  List<Write> historyFrom(long from) {
    return history.stream().filter(write -> write.revision >= from).toList();
  }

  static Map<String, Entry> range(TreeMap<String, Entry> keys, String key, String end) {
    if (end == null) {
      return keys.containsKey(key) ? Map.of(key, Objects.requireNonNull(keys.get(key))) : Map.of();
    }
    if (end.isEmpty()) {
      return keys.tailMap(key, true);
    }
    return key.compareTo(end) >= 0 ? Map.of() : keys.subMap(key, true, end, false);
  }
}
