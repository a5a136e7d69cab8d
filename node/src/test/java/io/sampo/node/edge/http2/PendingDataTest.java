package io.sampo.node.edge.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/** What waits for windows keeps its order, and a message is made no sooner than it leaves. */
class PendingDataTest {
  private final PendingData pending = new PendingData();
  private final Letters letters = new Letters(10);

  @Test
  void aMessageIsMadeAsItIsTaken() {
    pending.add(ByteString.fromString("<"), letters);
    assertEquals(11, pending.size());
    assertEquals(0, letters.made);
    assertEquals("<abc", take(4));
    assertEquals(3, letters.made);
    assertEquals("defgh", take(5));
    assertEquals(8, letters.made);
    assertFalse(pending.isEmpty());
    assertEquals("ij", take(5));
    assertTrue(pending.isEmpty());
    assertEquals(0, pending.size());
  }

  @Test
  void whatComesBehindAMessageStaysBehindIt() {
    pending.add(ByteString.fromString("<"));
    pending.add(ByteString.fromString("="), letters);
    assertEquals("<=a", take(3));
    pending.add(ByteString.fromString(">"));
    pending.add(ByteString.fromString("|"), new Letters(3));
    assertEquals("bcdefghij>|abc", take(100));
    assertTrue(pending.isEmpty());
  }

  @Test
  void anEmptyMessageIsItsPrefix() {
    pending.add(ByteString.fromString("<"), new Letters(0));
    assertEquals("<", take(9));
    assertTrue(pending.isEmpty());
  }

  @Test
  void nothingIsLeftWhenItIsCleared() {
    pending.add(ByteString.fromString("<"), letters);
    pending.clear();
    assertTrue(pending.isEmpty());
    assertEquals(0, pending.size());
  }

  private String take(int max) {
    return pending.take(max).utf8String();
  }

  /** The first so many letters. */
  private static final class Letters implements EncodedMessage {
    private final int size;
    private int made;

    Letters(int size) {
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public void write(byte[] target, int offset, int length) {
      for (int i = 0; i < length; i++) {
        target[offset + i] = (byte) ('a' + made++);
      }
    }
  }
}
