package io.sampo.node.state;

import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.grant;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.revoke;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.ByteString;
import io.sampo.node.state.lease.KeySet;
import io.sampo.node.state.lease.Lease;
import io.sampo.node.state.lease.LeaseEvent;
import io.sampo.node.state.lease.LeaseTable;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.LeaseCheckpoint;
import io.sampo.protocol.etcdserverpb.LeaseCheckpointRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The rules of leases as far as the log knows them. */
class LeaseTest {
  private final Machine machine = new Machine();

  @Test
  void aShortTimeToLiveIsRaisedAndATooLongOneRefused() {
    for (long ttl : new long[] {1, 0, -5}) {
      LeaseGrantResponse response = (LeaseGrantResponse) machine.done(grant(100 + ttl, ttl));
      assertEquals(2, response.getTTL());
    }
    machine.done(grant(1, 9_000_000_000L));
    machine.fails(EtcdError.LEASE_TTL_TOO_LARGE, grant(2, 9_000_000_001L));
  }

  @Test
  void anIdMayBeNegativeButNotTwiceAndNotZero() {
    machine.done(grant(-9, 60));
    machine.fails(EtcdError.LEASE_EXISTS, grant(-9, 60));
    machine.fails(EtcdError.LEASE_NOT_FOUND, grant(0, 60));
  }

  @Test
  void aPutWithAnUnknownLeaseIsRefused() {
    machine.fails(EtcdError.LEASE_NOT_FOUND, raft(put("a", "1").setLease(5)));
  }

  @Test
  void aPutMovesTheKeyBetweenLeasesAndADeleteDetachesIt() {
    machine.done(grant(1, 60));
    machine.done(grant(2, 60));
    machine.put(put("a", "1").setLease(1));
    assertEquals(List.of("a"), keys(1));
    machine.put(put("a", "1").setLease(2));
    assertEquals(List.of(), keys(1));
    assertEquals(List.of("a"), keys(2));
    machine.put("a", "1");
    assertEquals(List.of(), keys(2));
    machine.put(put("b", "1").setLease(2));
    machine.done(raft(delete("b", "")));
    assertEquals(List.of(), keys(2));
  }

  @Test
  void revokingDeletesTheKeysInOrderInOneRevision() {
    machine.done(grant(1, 60));
    for (String key : List.of("c", "a", "b")) {
      machine.put(put(key, "1").setLease(1));
    }
    ApplyResult result = machine.apply(revoke(1));
    assertEquals(
        List.of("a", "b", "c"),
        result.changed().stream().map(KeyVersion::keyBytes).map(ByteString::toStringUtf8).toList());
    assertEquals(5, machine.revision());
    assertEquals(List.of(new LeaseEvent.Revoked(1)), result.leaseEvents());
    assertNull(machine.state.leases().get(1));
    machine.fails(EtcdError.LEASE_NOT_FOUND, revoke(1));
  }

  @Test
  void revokingWithoutKeysLeavesTheRevision() {
    machine.done(grant(1, 60));
    machine.done(revoke(1));
    assertEquals(1, machine.revision());
  }

  @Test
  void aCheckpointIsNotedAndAnUnknownLeaseInItIsIgnored() {
    machine.done(grant(1, 600));
    ApplyResult result =
        machine.apply(
            InternalRaftRequest.newBuilder()
                .setLeaseCheckpoint(
                    LeaseCheckpointRequest.newBuilder()
                        .addCheckpoints(LeaseCheckpoint.newBuilder().setID(5).setRemainingTTL(9))
                        .addCheckpoints(LeaseCheckpoint.newBuilder().setID(1).setRemainingTTL(300)))
                .build());
    assertEquals(List.of(new LeaseEvent.Checkpointed(1, 300)), result.leaseEvents());
    assertEquals(300, machine.state.leases().get(1).effectiveSeconds());
    assertEquals(300, machine.restarted().state.leases().get(1).effectiveSeconds());
  }

  @Test
  void aRestartFindsTheKeysOfEveryLeaseAgain() {
    machine.done(grant(1, 60));
    machine.put(put("a", "1").setLease(1));
    machine.put(put("b", "1").setLease(1));
    machine.put("b", "2");
    LeaseTable restored = machine.restarted().state.leases();
    assertEquals(1, restored.size());
    assertEquals(1, restored.get(1).keys().size());
  }

  @Property(tries = 200)
  void theTableIsAMapInUnsignedOrder(@ForAll List<Byte> ids) {
    var expected = new TreeMap<Long, Long>(Long::compareUnsigned);
    LeaseTable table = LeaseTable.EMPTY;
    for (int i = 0; i < ids.size(); i++) {
      long id = ids.get(i) % 16 * (ids.get(i) % 3 == 0 ? 1L << 58 : 1);
      if (i % 3 == 2) {
        expected.remove(id);
        table = table.without(id);
      } else {
        expected.put(id, (long) i);
        table = table.with(new Lease(id, i, 0, KeySet.EMPTY));
      }
      assertEquals(expected.size(), table.size());
      assertEquals(
          List.copyOf(expected.keySet()), table.toList().stream().map(it -> it.id()).toList());
      assertEquals(
          List.copyOf(expected.values()),
          table.toList().stream().map(it -> it.ttlSeconds()).toList());
    }
  }

  @Property(tries = 200)
  void theKeysOfALeaseAreASortedSet(@ForAll List<Byte> keys) {
    var expected = new TreeSet<Byte>();
    var actual = KeySet.EMPTY;
    for (int i = 0; i < keys.size(); i++) {
      byte key = (byte) (keys.get(i) & 0x3F);
      boolean add = i % 4 != 3;
      actual = add ? actual.with(new byte[] {key}) : actual.without(new byte[] {key});
      if (add) {
        expected.add(key);
      } else {
        expected.remove(key);
      }
      assertEquals(expected.size(), actual.size());
      assertEquals(List.copyOf(expected), actual.toList().stream().map(each -> each[0]).toList());
    }
  }

  private List<String> keys(long lease) {
    return machine.state.leases().get(lease).keys().toList().stream()
        .map(key -> ByteString.copyFrom(key).toStringUtf8())
        .toList();
  }
}
