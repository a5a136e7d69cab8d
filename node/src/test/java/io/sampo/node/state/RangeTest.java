package io.sampo.node.state;

import static io.sampo.node.state.Requests.delete;
import static io.sampo.node.state.Requests.put;
import static io.sampo.node.state.Requests.raft;
import static io.sampo.node.state.Requests.range;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResponseEncoder;
import io.sampo.node.state.mvcc.RangeResponses;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.node.state.mvcc.RangeScan;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortTarget;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of ranges, etcd 3.7.1's txn/range.go. */
class RangeTest {
  private final Machine machine = new Machine();

  @BeforeEach
  void fourKeys() {
    machine.done(Requests.grant(7, 60));
    machine.put(put("a", "4").setLease(7));
    machine.put("b", "3");
    machine.put("c", "2");
    machine.put("d", "1");
    machine.put("b", "0");
  }

  @Test
  void anEmptyEndIsTheKeyAloneAndAZeroByteIsEverythingFromIt() {
    assertEquals(List.of("b"), keys(range("b", "")));
    assertEquals(List.of("b", "c", "d"), keys(range("b", "\0")));
    assertEquals(List.of("a", "b", "c", "d"), keys(range("\0", "\0")));
    assertEquals(List.of("b", "c"), keys(range("b", "d")));
  }

  @Test
  void anEndAtOrBeforeTheKeyIsEmptyAndNoError() {
    assertEquals(0, machine.range(range("c", "a")).getCount());
    assertEquals(0, machine.range(range("c", "c")).getCount());
  }

  @Test
  void countIgnoresLimitAndFiltersWhileMoreLooksAtWhatTheFiltersLeave() {
    RangeResponse limited = machine.range(range("a", "\0").setLimit(2));
    assertEquals(4, limited.getCount());
    assertTrue(limited.getMore());
    RangeResponse filtered = machine.range(range("a", "\0").setLimit(2).setMinModRevision(5));
    assertEquals(List.of("b", "d"), keys(filtered));
    assertEquals(4, filtered.getCount());
    assertFalse(filtered.getMore());
    assertTrue(machine.range(range("a", "\0").setLimit(1).setMinModRevision(5)).getMore());
  }

  @Test
  void everyFilterHasBothBounds() {
    assertEquals(
        List.of("c", "d"), keys(range("a", "\0").setMaxModRevision(5).setMinModRevision(4)));
    assertEquals(
        List.of("b", "c"), keys(range("a", "\0").setMaxCreateRevision(4).setMinCreateRevision(3)));
  }

  @Test
  void anOrderSortsEverythingBeforeTheLimitCuts() {
    RangeRequest.Builder byValue = range("a", "\0").setSortTarget(SortTarget.VALUE).setLimit(2);
    assertEquals(List.of("b", "d"), keys(byValue.setSortOrder(SortOrder.ASCEND)));
    assertEquals(List.of("a", "c"), keys(byValue.setSortOrder(SortOrder.DESCEND)));
    RangeRequest.Builder byKey = range("a", "\0").setSortOrder(SortOrder.DESCEND).setLimit(2);
    assertEquals(List.of("d", "c"), keys(byKey));
  }

  @Test
  void withoutAnOrderTheLimitCutsInKeyOrderButTheKeyBehindTheLimitIsSortedToo() {
    RangeRequest.Builder byValue = range("a", "\0").setSortTarget(SortTarget.VALUE);
    assertEquals(List.of("b", "c"), keys(byValue.setLimit(2)));
    assertEquals(List.of("b", "d", "c"), keys(byValue.setLimit(3)));
    assertEquals(List.of("b", "d", "c", "a"), keys(byValue.setLimit(0)));
  }

  @Test
  void everyTargetSorts() {
    RangeRequest.Builder all = range("a", "\0").setSortOrder(SortOrder.DESCEND);
    assertEquals(List.of("b", "a", "c", "d"), keys(all.setSortTarget(SortTarget.VERSION)));
    assertEquals(List.of("d", "c", "b", "a"), keys(all.setSortTarget(SortTarget.CREATE)));
    assertEquals(List.of("b", "d", "c", "a"), keys(all.setSortTarget(SortTarget.MOD)));
  }

  @Test
  void countOnlyHasNoKeysAndIgnoresFilters() {
    RangeResponse count =
        machine.range(range("a", "\0").setCountOnly(true).setMinModRevision(6).setLimit(1));
    assertEquals(4, count.getCount());
    assertEquals(0, count.getKvsCount());
    assertFalse(count.getMore());
  }

  @Test
  void keysOnlyComesFromTheIndexWithoutLeaseUnlessSortedByValue() {
    RangeResponse index = machine.range(range("a", "").setKeysOnly(true));
    assertEquals(0, index.getKvs(0).getLease());
    assertTrue(index.getKvs(0).getValue().isEmpty());
    assertEquals(1, index.getKvs(0).getVersion());
    RangeResponse stored =
        machine.range(range("a", "").setKeysOnly(true).setSortTarget(SortTarget.VALUE));
    assertEquals(7, stored.getKvs(0).getLease());
    assertTrue(stored.getKvs(0).getValue().isEmpty());
  }

  @Test
  void anOldRevisionReadsAsItWasUnderTheHeaderOfToday() {
    RangeResponse old = machine.range(range("a", "\0").setRevision(3));
    assertEquals(List.of("a", "b"), keys(old));
    assertEquals("3", old.getKvs(1).getValue().toStringUtf8());
    assertEquals(6, old.getHeader().getRevision());
  }

  @Test
  void negativeRevisionAndLimitActAsZero() {
    assertEquals(4, machine.range(range("a", "\0").setRevision(-1).setLimit(-1)).getKvsCount());
  }

  @Test
  void theCompactRevisionIsReadableAndWhatIsBeforeItIsNot() {
    machine.done(Requests.compact(4));
    assertEquals(List.of("a", "b", "c"), keys(range("a", "\0").setRevision(4)));
    assertEquals(EtcdError.COMPACTED.exception(), failure(range("a", "").setRevision(3)));
    assertEquals(EtcdError.FUTURE_REVISION.exception(), failure(range("a", "").setRevision(7)));
  }

  @Test
  void theEncodedResponseIsTheMessageWhatEverItShows() throws InvalidProtocolBufferException {
    for (RangeRequest.Builder request :
        List.of(
            range("a", "\0"),
            range("a", "\0").setLimit(2),
            range("a", "\0").setKeysOnly(true),
            range("a", "\0").setKeysOnly(true).setSortTarget(SortTarget.VALUE),
            range("x", ""),
            range("a", "\0").setCountOnly(true))) {
      RangeResult result = machine.state.view().range(RangeQuery.of(request.build()));
      ResponseHeader header = Headers.at(6).toBuilder().setMemberId(-1).build();
      byte[] message = RangeResponses.message(header, result).toByteArray();
      for (int step : List.of(1, 2, 3, 7, Integer.MAX_VALUE)) {
        assertArrayEquals(message, written(RangeResponseEncoder.of(header, result), step));
      }
    }
  }

  private static byte[] written(RangeResponseEncoder encoder, int step) {
    while (!encoder.measure(step)) {
      assertTrue(encoder.size() > 0);
    }
    byte[] bytes = new byte[(int) encoder.size()];
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(step, bytes.length - at);
      encoder.write(bytes, at, length);
      at += length;
    }
    assertThrows(IllegalStateException.class, () -> encoder.write(new byte[1], 0, 1));
    return bytes;
  }

  @Test
  void aScanInStepsFindsWhatOneAtOnceFinds() {
    machine.put("b", "again");
    machine.done(raft(delete("c", "")));
    for (RangeRequest.Builder request :
        List.of(
            range("a", "\0"),
            range("a", "\0").setLimit(2),
            range("a", "\0").setLimit(2).setSortTarget(SortTarget.MOD),
            range("a", "\0").setLimit(1).setSortOrder(SortOrder.DESCEND),
            range("a", "\0").setLimit(1).setRevision(4),
            range("a", "\0").setMinModRevision(4),
            range("a", "\0").setCountOnly(true),
            range("a", "\0").setCountOnly(true).setRevision(4),
            range("a", ""),
            range("x", "b"))) {
      RangeQuery query = RangeQuery.of(request.build());
      RangeScan scan = new RangeScan(machine.state.view(), query);
      assertThrows(IllegalStateException.class, scan::result);
      while (!scan.advance(1)) {
        assertThrows(IllegalStateException.class, scan::result);
      }
      RangeResult whole = machine.state.view().range(query);
      assertEquals(whole, scan.result());
    }
  }

  private EtcdException failure(RangeRequest.Builder request) {
    return assertThrows(EtcdException.class, () -> machine.range(request));
  }

  private List<String> keys(RangeRequest.Builder request) {
    return keys(machine.range(request));
  }

  private static List<String> keys(RangeResponse response) {
    return response.getKvsList().stream().map(kv -> kv.getKey().toStringUtf8()).toList();
  }
}
