package io.sampo.node.watch;

import static io.sampo.node.watch.WatchWorld.on;
import static io.sampo.node.watch.WatchWorld.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest.FilterType;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * etcd's rules for watches, one by one: what is created, refused and cancelled, and which events.
 */
class WatchRulesTest {
  private final WatchWorld world = new WatchWorld();

  private static List<String> keys(WatchResponse response) {
    return response.getEventsList().stream().map(e -> e.getKv().getKey().toStringUtf8()).toList();
  }

  @Test
  void aWatcherFromNowSeesWhatComesNext() {
    world.put("a", "old");
    WatchClient client = world.open();
    client.create("a");
    WatchResponse created = world.only(client);
    assertTrue(created.getCreated());
    assertEquals(2, created.getHeader().getRevision());
    assertEquals(WatchWorld.CLUSTER, created.getHeader().getClusterId());
    assertEquals(WatchWorld.MEMBER, created.getHeader().getMemberId());
    assertEquals(WatchWorld.TERM, created.getHeader().getRaftTerm());
    world.put("a", "new");
    world.put("b", "other");
    WatchResponse event = world.only(client);
    assertEquals(3, event.getHeader().getRevision(), "the revision of the transaction");
    assertEquals("new", event.getEvents(0).getKv().getValue().toStringUtf8());
    assertEquals(Event.EventType.PUT, event.getEvents(0).getType());
  }

  @Test
  void anEmptyKeyIsTheSmallestAndAZeroEndIsEverythingFromTheKey() {
    WatchClient client = world.open();
    client.create(WatchCreateRequest.newBuilder().setRangeEnd(ByteString.copyFrom(new byte[1])));
    world.settled(client);
    world.put("\0", "v");
    world.put("z", "v");
    world.settle();
    assertEquals(2, client.eventsOf(0).size());
  }

  @Test
  void aRangeIsHalfOpen() {
    WatchClient client = world.open();
    client.create(range("b", "d"));
    world.settled(client);
    world.write(
        store -> {
          for (String key : List.of("a", "b", "c", "d")) {
            store.put(WatchWorld.bytes(key), WatchWorld.byteString("v"), 0);
          }
        });
    assertEquals(List.of("b", "c"), keys(world.only(client)));
  }

  @Test
  void anEmptyRangeIsRefused() {
    WatchClient client = world.open();
    client.create(range("b", "b"));
    WatchResponse refused = world.only(client);
    assertTrue(refused.getCreated() && refused.getCanceled());
    assertEquals(-1, refused.getWatchId());
    assertEquals("mvcc: watcher range is empty", refused.getCancelReason());
  }

  @Test
  void aNegativeStartIsRefusedAsCompacted() {
    WatchClient client = world.open();
    client.create("a", -1);
    WatchResponse refused = world.only(client);
    assertTrue(refused.getCreated() && refused.getCanceled());
    assertEquals(-1, refused.getWatchId());
    assertEquals(0, refused.getCompactRevision());
    assertEquals(EtcdError.COMPACTED.text(), refused.getCancelReason());
  }

  @Test
  void idsAreCountedFromZeroAndSkipThoseInUse() {
    WatchClient client = world.open();
    client.create("a");
    client.create(on("a").setWatchId(1));
    client.create(on("a").setWatchId(Long.MAX_VALUE));
    client.create(on("a").setWatchId(-5));
    client.create("a");
    List<Long> ids = world.settled(client).stream().map(WatchResponse::getWatchId).toList();
    assertEquals(List.of(0L, 1L, Long.MAX_VALUE, -5L, 2L), ids);
  }

  @Test
  void aDuplicateIdIsRefused() {
    WatchClient client = world.open();
    client.create(on("a").setWatchId(9));
    client.create(on("b").setWatchId(9));
    WatchResponse refused = world.settled(client).get(1);
    assertTrue(refused.getCreated() && refused.getCanceled());
    assertEquals(-1, refused.getWatchId());
    assertEquals("mvcc: duplicate watch ID provided on the WatchStream", refused.getCancelReason());
  }

  @Test
  void aRefusalOfAuthenticationIsTheErrorAsGoPrintsIt() {
    world.authorizer = (key, rangeEnd) -> EtcdError.PERMISSION_DENIED.exception();
    WatchClient client = world.open();
    client.create("a");
    WatchResponse refused = world.only(client);
    assertTrue(refused.getCreated() && refused.getCanceled());
    assertEquals(-1, refused.getWatchId());
    assertEquals(
        "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
        refused.getCancelReason());
  }

  @Test
  void aStartInThePastIsReadFromTheHistoryInOneResponse() {
    world.put("a", "1");
    world.put("b", "x");
    world.put("a", "2");
    world.delete("a");
    WatchClient client = world.open();
    client.create("a", 2);
    List<WatchResponse> responses = world.settled(client);
    assertTrue(responses.get(0).getCreated());
    assertEquals(2, responses.size());
    assertEquals(5, responses.get(1).getHeader().getRevision(), "the current revision");
    assertEquals(3, responses.get(1).getEventsCount());
    Event delete = responses.get(1).getEvents(2);
    assertEquals(Event.EventType.DELETE, delete.getType());
    assertEquals(5, delete.getKv().getModRevision());
    assertEquals(0, delete.getKv().getCreateRevision());
  }

  @Test
  void aStartInTheFutureSkipsWhatIsOlder() {
    WatchClient client = world.open();
    client.create("a", 4);
    world.settled(client);
    world.put("a", "2");
    world.put("a", "3");
    assertEquals(List.of(), world.settled(client));
    world.put("a", "4");
    assertEquals(4, world.only(client).getEvents(0).getKv().getModRevision());
  }

  @Test
  void aCompactedStartIsCreatedThenCanceledAndItsIdStaysTaken() {
    for (int i = 0; i < 5; i++) {
      world.put("a", "v");
    }
    world.compact(4);
    WatchClient client = world.open();
    client.create(on("a").setStartRevision(3).setWatchId(7));
    List<WatchResponse> responses = world.settled(client);
    assertTrue(responses.get(0).getCreated() && !responses.get(0).getCanceled());
    WatchResponse canceled = responses.get(1);
    assertTrue(canceled.getCanceled() && !canceled.getCreated());
    assertEquals(7, canceled.getWatchId());
    assertEquals(4, canceled.getCompactRevision());
    assertEquals("", canceled.getCancelReason());
    assertEquals(0, canceled.getHeader().getRevision());
    client.create(on("a").setWatchId(7));
    assertEquals(-1, world.only(client).getWatchId());
    client.cancel(7);
    assertTrue(world.only(client).getCanceled());
  }

  @Test
  void aStartAtTheCompactRevisionIsServed() {
    for (int i = 0; i < 5; i++) {
      world.put("a", "v");
    }
    world.compact(4);
    WatchClient client = world.open();
    client.create("a", 4);
    assertEquals(3, world.settled(client).get(1).getEventsCount());
  }

  @Test
  void whoHasSeenAllThereIsOutlivesACompaction() {
    world.put("idle", "1");
    WatchClient client = world.open();
    client.create(on("idle").setPrevKv(true));
    client.create(on("idle").setStartRevision(2));
    world.settled(client);
    for (int i = 0; i < 5; i++) {
      long revision = world.put("busy", "v");
      world.compact(revision);
      assertEquals(List.of(), world.settled(client));
    }
    long revision = world.put("idle", "2");
    world.compact(revision);
    List<WatchResponse> events = world.settled(client);
    assertEquals(2, events.size());
    for (WatchResponse event : events) {
      assertFalse(event.getCanceled());
      assertEquals("2", event.getEvents(0).getKv().getValue().toStringUtf8());
    }
  }

  @Test
  void aCancelIsConfirmedAndEndsTheEvents() {
    WatchClient client = world.open();
    client.create("a");
    world.settled(client);
    client.cancel(0);
    WatchResponse canceled = world.only(client);
    assertTrue(canceled.getCanceled());
    assertEquals(0, canceled.getWatchId());
    world.put("a", "v");
    assertEquals(List.of(), world.settled(client));
  }

  @Test
  void cancellingAnUnknownIdIsSilent() {
    WatchClient client = world.open();
    client.create("a");
    client.cancel(5);
    assertEquals(1, world.settled(client).size());
  }

  @Test
  void filtersDropEventsAndAnEmptyBatchIsNotSent() {
    WatchClient client = world.open();
    client.create(on("a").addFilters(FilterType.NOPUT));
    client.create(on("a").addFilters(FilterType.NODELETE));
    world.settled(client);
    world.put("a", "v");
    assertEquals(1, world.only(client).getWatchId());
    world.delete("a");
    assertEquals(0, world.only(client).getWatchId());
  }

  @Test
  void thePreviousVersionIsGivenToThoseWhoAskUnlessThereIsNone() {
    WatchClient client = world.open();
    client.create(on("a").setPrevKv(true));
    client.create("a");
    world.settled(client);
    world.put("a", "1");
    assertTrue(world.settled(client).stream().noneMatch(r -> r.getEvents(0).hasPrevKv()));
    world.put("a", "2");
    List<WatchResponse> second = world.settled(client);
    assertEquals("1", second.get(0).getEvents(0).getPrevKv().getValue().toStringUtf8());
    assertFalse(second.get(1).getEvents(0).hasPrevKv());
    world.delete("a");
    assertEquals(
        "2", world.settled(client).get(0).getEvents(0).getPrevKv().getValue().toStringUtf8());
  }

  @Test
  void aPreviousVersionThatIsCompactedIsLeftOut() {
    world.put("a", "1");
    world.put("a", "2");
    world.compact(3);
    WatchClient client = world.open();
    client.create(on("a").setPrevKv(true).setStartRevision(3));
    assertFalse(world.settled(client).get(1).getEvents(0).hasPrevKv());
  }
}
