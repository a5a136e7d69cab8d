package io.sampo.protocol.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
  private static final byte[] EMPTY = {};
  private static final byte[] OPEN = {0};

  @Property
  void anEmptyEndMeansTheKeyAlone(
      @ForAll @Size(max = 4) byte[] key, @ForAll @Size(max = 4) byte[] other) {
    KeyRange range = KeyRange.of(key, EMPTY);
    assertTrue(range.contains(key));
    assertEquals(java.util.Arrays.equals(key, other), range.contains(other));
  }

  @Property
  void aZeroByteMeansEverythingFromTheKeyOn(
      @ForAll @Size(max = 4) byte[] key, @ForAll @Size(max = 4) byte[] other) {
    KeyRange range = KeyRange.of(key, OPEN);
    assertEquals(KeyRange.compare(key, other) <= 0, range.contains(other));
    assertFalse(range.isEmpty());
  }

  @Property
  void anythingElseIsHalfOpen(
      @ForAll @Size(max = 3) byte[] key,
      @ForAll @Size(min = 2, max = 3) byte[] end,
      @ForAll @Size(max = 3) byte[] other) {
    KeyRange range = KeyRange.of(key, end);
    boolean inside = KeyRange.compare(key, other) <= 0 && KeyRange.compare(other, end) < 0;
    assertEquals(inside, range.contains(other));
    assertEquals(KeyRange.compare(key, end) >= 0, range.isEmpty());
  }

  @Test
  void bytesAreComparedWithoutSign() {
    assertTrue(KeyRange.compare(new byte[] {(byte) 0x80}, new byte[] {0x7f}) > 0);
    assertTrue(KeyRange.compare(new byte[] {1}, new byte[] {1, 0}) < 0);
  }
}
