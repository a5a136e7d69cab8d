package io.sampo.node.state.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.state.lease.KeySet;
import io.sampo.protocol.authpb.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The union of ranges, against one that looks at every key there is. */
class KeyIntervalsTest {
  /** Every key of up to three letters of a small alphabet, with one above them all. */
  private static final TreeSet<String> KEYS = keys();

  private static TreeSet<String> keys() {
    TreeSet<String> keys = new TreeSet<>();
    String[] letters = {"", "\0", "a", "b", "c"};
    for (String first : letters) {
      for (String second : letters) {
        for (String third : letters) {
          keys.add(first + second + third);
        }
      }
    }
    keys.remove("");
    keys.add("z");
    return keys;
  }

  @Property(tries = 1_000)
  void aRangeIsCoveredIfEveryKeyOfItIsInSomeGrantedRange(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> all = List.copyOf(KEYS);
    List<String[]> granted = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      granted.add(range(random, all));
    }
    KeyIntervals intervals =
        KeyIntervals.union(granted.stream().map(range -> permission(range[0], range[1])).toList());
    for (int i = 0; i < 50; i++) {
      String[] asked = range(random, all);
      boolean expected =
          KEYS.stream()
              .filter(key -> holds(asked, key))
              .allMatch(key -> granted.stream().anyMatch(range -> holds(range, key)));
      assertEquals(
          expected && isDense(granted, asked),
          intervals.cover(asked[0].getBytes(UTF_8), asked[1].getBytes(UTF_8)),
          () -> String.join(" ", asked[0], asked[1]));
    }
  }

  /** Whether what is between the keys that were tried is granted as well, up to the very end. */
  private static boolean isDense(List<String[]> granted, String[] asked) {
    String end = asked[1].isEmpty() ? asked[0] + "\0" : asked[1];
    String reached = asked[0];
    while (true) {
      String from = reached;
      String further = from;
      for (String[] range : granted) {
        if (holds(range, from) || range[0].equals(from)) {
          if (range[1].equals("\0")) {
            return true;
          }
          String rangeEnd = range[1].isEmpty() ? range[0] + "\0" : range[1];
          further = further.compareTo(rangeEnd) < 0 ? rangeEnd : further;
        }
      }
      if (!end.equals("\0") && further.compareTo(end) >= 0) {
        return true;
      }
      if (further.equals(from)) {
        return false;
      }
      reached = further;
    }
  }

  private static boolean holds(String[] range, String key) {
    if (range[1].isEmpty()) {
      return key.equals(range[0]);
    }
    return key.compareTo(range[0]) >= 0 && (range[1].equals("\0") || key.compareTo(range[1]) < 0);
  }

  /** A key alone, all from one on, or a range that holds a key. */
  private static String[] range(Random random, List<String> all) {
    String key = all.get(random.nextInt(all.size()));
    return switch (random.nextInt(5)) {
      case 0, 1 -> new String[] {key, ""};
      case 2 -> new String[] {key, "\0"};
      default -> {
        String end = all.get(random.nextInt(all.size()));
        yield key.compareTo(end) < 0 ? new String[] {key, end} : new String[] {key, ""};
      }
    };
  }

  @Property(tries = 500)
  void aSetOfKeysIsCoveredIfEachIs(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> all = List.copyOf(KEYS);
    List<Permission> granted = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      String[] range = range(random, all);
      granted.add(permission(range[0], range[1]));
    }
    KeyIntervals intervals = KeyIntervals.union(granted);
    KeySet keys = KeySet.EMPTY;
    boolean expected = true;
    for (int i = random.nextInt(6); i > 0; i--) {
      String key = all.get(random.nextInt(all.size()));
      keys = keys.with(key.getBytes(UTF_8));
      expected &= cover(intervals, key, "");
      assertEquals(expected, intervals.cover(keys));
    }
    assertEquals(expected, intervals.cover(keys));
  }

  @Test
  void rangesThatTouchAreOne() {
    KeyIntervals intervals =
        KeyIntervals.union(
            List.of(permission("c", "e"), permission("a", "b"), permission("b", "c")));
    assertTrue(cover(intervals, "a", "e"));
    assertFalse(cover(intervals, "a", "e\0"));
    assertFalse(cover(intervals, "a", "\0"));
    assertFalse(cover(intervals, "e", ""));
  }

  @Test
  void aRangeWithoutAKeyCountsAsItsKeyAlone() {
    KeyIntervals intervals = KeyIntervals.union(List.of(permission("b", "d")));
    assertTrue(cover(intervals, "c", "a"));
    assertTrue(cover(intervals, "c", "c"));
    assertFalse(cover(intervals, "d", "a"));
  }

  @Test
  void grantedRangesWithoutAKeyGrantNothing() {
    KeyIntervals intervals =
        KeyIntervals.union(List.of(permission("d", "b"), permission("", "\0")));
    assertFalse(cover(intervals, "c", ""));
    assertFalse(cover(intervals, "", ""));
    assertFalse(cover(KeyIntervals.NONE, "c", ""));
  }

  private static boolean cover(KeyIntervals intervals, String key, String end) {
    return intervals.cover(key.getBytes(UTF_8), end.getBytes(UTF_8));
  }

  private static Permission permission(String key, String end) {
    return Permission.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setRangeEnd(ByteString.copyFromUtf8(end))
        .build();
  }
}
