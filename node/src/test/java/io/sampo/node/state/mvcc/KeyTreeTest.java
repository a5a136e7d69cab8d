package io.sampo.node.state.mvcc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import io.sampo.protocol.key.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The tree against a sorted map, with keys that begin alike, end in zeros, or begin each other. */
class KeyTreeTest {

  @Property(tries = 300)
  void findsAndOrdersWhatWasWritten(@ForAll("edits") List<byte[]> keys, @ForAll long seed) {
    TreeMap<byte[], Long> expected = new TreeMap<>(Arrays::compareUnsigned);
    KeyTreeEditor tree = new KeyTreeEditor(KeyTree.EMPTY);
    long revision = 1;
    for (byte[] key : keys) {
      revision++;
      boolean delete = expected.containsKey(key) && (seed >>> (revision % 61) & 3) == 0;
      if (delete) {
        expected.remove(key);
        tree.push(key, KeyVersion.tombstone(key, revision, 0));
        assertEquals(revision, tree.get(key).newest().modRevision());
        tree.compact(key, revision + 1);
        assertNull(tree.get(key));
      } else {
        expected.put(key, revision);
        tree.push(key, KeyVersion.put(key, ByteString.EMPTY, revision, revision, 0, 1, 0));
      }
      if (revision % 7 == 0) {
        tree.freeze();
      }
    }
    KeyTree written = tree.freeze();
    List<byte[]> found = new ArrayList<>();
    written.forEach(history -> found.add(history.newest().key()));
    assertArrayEquals(expected.keySet().toArray(), found.toArray());
    for (byte[] key : keys) {
      KeyHistory history = written.get(key);
      assertEquals(
          expected.get(key), history == null ? null : (Long) history.newest().modRevision());
      assertEquals(
          expected.tailMap(key).size(), written.countLive(new KeyRange(key, null)), "from the key");
    }
  }

  @Provide
  Arbitrary<List<byte[]>> edits() {
    Arbitrary<byte[]> ends =
        Arbitraries.of((byte) 0, (byte) 1, (byte) 'a', (byte) 255)
            .array(byte[].class)
            .ofMinSize(1)
            .ofMaxSize(9);
    Arbitrary<byte[]> keys =
        Combinators.combine(Arbitraries.of("", "/registry/pods/", "/registry/pods/default/"), ends)
            .as(KeyTreeTest::join);
    return keys.list().ofMaxSize(600);
  }

  private static byte[] join(String start, byte[] end) {
    return ByteString.copyFromUtf8(start).concat(ByteString.copyFrom(end)).toByteArray();
  }
}
