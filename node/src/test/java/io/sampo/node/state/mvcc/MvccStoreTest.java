package io.sampo.node.state.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.key.KeyRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class MvccStoreTest {
  private final MvccStore store = new MvccStore();

  @Test
  void anEmptyStoreIsAtRevisionOneAndTheFirstWriteMakesTwo() {
    assertEquals(1, store.view(0).revision());
    put("a", "1");
    assertEquals(2, store.view(1).revision());
    assertEquals(-1, store.view(1).compactRevision());
  }

  @Test
  void aKeyThatComesBackStartsAgainAtVersionOne() {
    put("a", "1");
    put("a", "2");
    store.delete(key("a"));
    store.commit();
    put("a", "3");
    MvccView view = store.view(4);
    assertEquals(2, view.get(key("a"), 3).version());
    assertTrue(view.get(key("a"), 4).isTombstone());
    assertEquals(5, view.get(key("a"), 5).createRevision());
    assertEquals(1, view.get(key("a"), 5).version());
  }

  @Test
  void deletingNothingUsesNoRevision() {
    assertNull(store.delete(key("a")));
    assertEquals(List.of(), store.commit());
    assertEquals(1, store.view(1).revision());
  }

  @Test
  void aViewDoesNotSeeLaterWrites() {
    for (int i = 0; i < 1000; i++) {
      put("k" + i, "1");
    }
    MvccView before = store.view(1);
    for (int i = 0; i < 2000; i++) {
      put("k" + i, "2");
    }
    assertEquals(1000, before.count(new KeyRange(key("k"), null)));
    assertEquals(1000, before.history().size());
    assertEquals("1", before.get(key("k7"), 9999).valueBytes().toStringUtf8());
    assertEquals(2000, store.view(2).count(new KeyRange(key("k"), null)));
  }

  @Test
  void compactionKeepsTheNewestVersionAndDropsTombstones() {
    put("a", "1");
    put("a", "2");
    put("b", "1");
    store.delete(key("b"));
    store.commit();
    put("c", "1");
    store.compact(6);
    while (store.compactStep()) {}
    MvccView view = store.view(6);
    assertEquals("2", view.get(key("a"), 6).valueBytes().toStringUtf8());
    assertNull(view.get(key("b"), 6));
    assertEquals(1, view.history().size());
    assertEquals(6, view.history().firstRevision());
    assertEquals(2, view.count(new KeyRange(key("a"), null)));
  }

  @Test
  void compactionEndsWhenThousandsOfVersionsShareItsRevision() {
    for (int i = 0; i < 3 * MvccStore.COMPACTION_STEP; i++) {
      store.put(key("k" + i), ByteString.copyFromUtf8("v"), 0);
    }
    store.commit();
    store.compact(2);
    int steps = 1;
    while (store.compactStep()) {
      steps++;
    }
    assertEquals(3, steps);
    assertFalse(store.compactStep());
    assertEquals(3 * MvccStore.COMPACTION_STEP, store.view(1).history().size());
  }

  @Test
  void aStepOfCompactionIsAsLongAsItMayBe() {
    for (int i = 0; i < 10; i++) {
      put("k", "" + i);
    }
    store.compact(11);
    int steps = 1;
    while (store.compactStep(3)) {
      steps++;
    }
    assertEquals(4, steps);
  }

  private void put(String key, String value) {
    store.put(key(key), ByteString.copyFromUtf8(value), 0);
    store.commit();
  }

  private static byte[] key(String text) {
    return text.getBytes(UTF_8);
  }
}
