package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.state.mvcc.HashStorage;
import io.sampo.node.state.mvcc.KeyHash;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import org.junit.jupiter.api.Test;

/** HashKV. The numbers are what etcd 3.7.1 answered to the same requests. */
class KeyHashTest {
  private final Machine machine = new Machine();
  private final HashStorage hashes = new HashStorage();

  @Test
  void hashesAreThoseOfEtcdBeforeAndAfterCompactions() {
    machine.put("a", "1");
    machine.put("b", "2");
    machine.put("a", "3");
    machine.delete("b");
    machine.put("c", "4");
    hashIs(2750537463L, -1, 6, 0);
    hashIs(2069675932L, -1, 4, 4);
    compact(5);
    hashIs(168415639L, 5, 6, 0);
    hashIs(1125682900L, -1, 5, 5);
    machine.delete("a");
    hashIs(2990153982L, 5, 7, 0);
    compact(6);
    hashIs(168415639L, 5, 6, 6);
    hashIs(2990153982L, 6, 7, 7);
    machine.delete("c");
    hashIs(3341808301L, 6, 8, 0);
  }

  @Test
  void aHashCoversWhatACompactionStillHasToRemoveAsIfItWereGone() {
    for (int i = 0; i < 30; i++) {
      machine.put("k" + i % 7, "v" + i);
    }
    machine.done(Requests.compact(20));
    KeyHash before = KeyHash.of(machine.state.view(), 25);
    while (machine.state.compactStep()) {}
    assertEquals(before, KeyHash.of(machine.state.view(), 25));
  }

  @Test
  void revisionsThatCannotBeReadCannotBeHashedButNegativeOnesAreEchoed() {
    machine.put("a", "1");
    machine.put("a", "2");
    compact(3);
    assertEquals(EtcdError.COMPACTED.exception(), failure(2));
    assertEquals(EtcdError.FUTURE_REVISION.exception(), failure(4));
    assertEquals(-5, hashes.hashByRevision(machine.state.view(), -5).revision());
  }

  @Test
  void aCompactionAtZeroStoresTheHashOfNothingAndEtcdGivesItForZeroFromThenOn() {
    machine.put("a", "1");
    compact(0);
    hashIs(1084519789L, -1, 0, 0);
  }

  @Test
  void tenHashesAreKept() {
    for (int i = 2; i < 20; i++) {
      machine.put("a", "" + i);
      compact(i);
    }
    assertEquals(10, hashes.hashes().size());
    assertEquals(19, hashes.hashes().get(9).revision());
  }

  private void compact(long revision) {
    CompactionStarted compaction = machine.apply(Requests.compact(revision)).compaction();
    hashes.store(KeyHash.ofCompaction(compaction.before(), compaction.revision()));
    while (machine.state.compactStep()) {}
  }

  private void hashIs(long hash, long compactRevision, long revision, long requested) {
    assertEquals(
        new KeyHash((int) hash, compactRevision, revision),
        hashes.hashByRevision(machine.state.view(), requested));
  }

  private EtcdException failure(long revision) {
    return assertThrows(
        EtcdException.class, () -> hashes.hashByRevision(machine.state.view(), revision));
  }
}
