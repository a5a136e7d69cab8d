package io.sampo.node.watch;

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

/** etcd's rules for watches, one by one. */
class WatchRulesTest {
  private final WatchWorld world = new WatchWorld();

  private static WatchCreateRequest.Builder on(String key) {
    return WatchCreateRequest.newBuilder().setKey(WatchWorld.byteString(key));
  }

  private static WatchCreateRequest.Builder range(String key, String end) {
    return on(key).setRangeEnd(WatchWorld.byteString(end));
  }

  private List<WatchResponse> settled(WatchClient client) {
    world.settle();
    return client.take();
  }

  private WatchResponse only(WatchClient client) {
    List<WatchResponse> responses = settled(client);
    assertEquals(1, responses.size(), responses.toString());
    return responses.get(0);
  }

  private static List<String> keys(WatchResponse response) {
    return response.getEventsList().stream().map(e -> e.getKv().getKey().toStringUtf8()).toList();
  }

  @Test
  void aWatcherFromNowSeesWhatComesNext() {
    world.put("a", "old");
    WatchClient client = world.open();
    client.create("a");
    WatchResponse created = only(client);
    assertTrue(created.getCreated());
    assertEquals(2, created.getHeader().getRevision());
    assertEquals(WatchWorld.CLUSTER, created.getHeader().getClusterId());
    assertEquals(WatchWorld.MEMBER, created.getHeader().getMemberId());
    assertEquals(WatchWorld.TERM, created.getHeader().getRaftTerm());
    world.put("a", "new");
    world.put("b", "other");
    WatchResponse event = only(client);
    assertEquals(3, event.getHeader().getRevision(), "the revision of the transaction");
    assertEquals("new", event.getEvents(0).getKv().getValue().toStringUtf8());
    assertEquals(Event.EventType.PUT, event.getEvents(0).getType());
  }

  @Test
  void anEmptyKeyIsTheSmallestAndAZeroEndIsEverythingFromTheKey() {
    WatchClient client = world.open();
    client.create(WatchCreateRequest.newBuilder().setRangeEnd(ByteString.copyFrom(new byte[1])));
    settled(client);
    world.put("\0", "v");
    world.put("z", "v");
    world.settle();
    assertEquals(2, client.eventsOf(0).size());
  }

  @Test
  void aRangeIsHalfOpen() {
    WatchClient client = world.open();
    client.create(range("b", "d"));
    settled(client);
    world.write(
        store -> {
          for (String key : List.of("a", "b", "c", "d")) {
            store.put(WatchWorld.bytes(key), WatchWorld.byteString("v"), 0);
          }
        });
    assertEquals(List.of("b", "c"), keys(only(client)));
  }

  @Test
  void anEmptyRangeIsRefused() {
    WatchClient client = world.open();
    client.create(range("b", "b"));
    WatchResponse refused = only(client);
    assertTrue(refused.getCreated() && refused.getCanceled());
    assertEquals(-1, refused.getWatchId());
    assertEquals("mvcc: watcher range is empty", refused.getCancelReason());
  }

  @Test
  void aNegativeStartIsRefusedAsCompacted() {
    WatchClient client = world.open();
    client.create("a", -1);
    WatchResponse refused = only(client);
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
    List<Long> ids = settled(client).stream().map(WatchResponse::getWatchId).toList();
    assertEquals(List.of(0L, 1L, Long.MAX_VALUE, -5L, 2L), ids);
  }

  @Test
  void aDuplicateIdIsRefused() {
    WatchClient client = world.open();
    client.create(on("a").setWatchId(9));
    client.create(on("b").setWatchId(9));
    WatchResponse refused = settled(client).get(1);
    assertTrue(refused.getCreated() && refused.getCanceled());
    assertEquals(-1, refused.getWatchId());
    assertEquals("mvcc: duplicate watch ID provided on the WatchStream", refused.getCancelReason());
  }

  @Test
  void aRefusalOfAuthenticationIsTheErrorAsGoPrintsIt() {
    world.authorizer = (key, rangeEnd) -> EtcdError.PERMISSION_DENIED.exception();
    WatchClient client = world.open();
    client.create("a");
    WatchResponse refused = only(client);
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
    List<WatchResponse> responses = settled(client);
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
    settled(client);
    world.put("a", "2");
    world.put("a", "3");
    assertEquals(List.of(), settled(client));
    world.put("a", "4");
    assertEquals(4, only(client).getEvents(0).getKv().getModRevision());
  }

  @Test
  void aCompactedStartIsCreatedThenCanceledAndItsIdStaysTaken() {
    for (int i = 0; i < 5; i++) {
      world.put("a", "v");
    }
    world.compact(4);
    WatchClient client = world.open();
    client.create(on("a").setStartRevision(3).setWatchId(7));
    List<WatchResponse> responses = settled(client);
    assertTrue(responses.get(0).getCreated() && !responses.get(0).getCanceled());
    WatchResponse canceled = responses.get(1);
    assertTrue(canceled.getCanceled() && !canceled.getCreated());
    assertEquals(7, canceled.getWatchId());
    assertEquals(4, canceled.getCompactRevision());
    assertEquals("", canceled.getCancelReason());
    assertEquals(0, canceled.getHeader().getRevision());
    client.create(on("a").setWatchId(7));
    assertEquals(-1, only(client).getWatchId());
    client.cancel(7);
    assertTrue(only(client).getCanceled());
  }

  @Test
  void aStartAtTheCompactRevisionIsServed() {
    for (int i = 0; i < 5; i++) {
      world.put("a", "v");
    }
    world.compact(4);
    WatchClient client = world.open();
    client.create("a", 4);
    assertEquals(3, settled(client).get(1).getEventsCount());
  }

  @Test
  void aCancelIsConfirmedAndEndsTheEvents() {
    WatchClient client = world.open();
    client.create("a");
    settled(client);
    client.cancel(0);
    WatchResponse canceled = only(client);
    assertTrue(canceled.getCanceled());
    assertEquals(0, canceled.getWatchId());
    world.put("a", "v");
    assertEquals(List.of(), settled(client));
  }

  @Test
  void cancellingAnUnknownIdIsSilent() {
    WatchClient client = world.open();
    client.create("a");
    client.cancel(5);
    assertEquals(1, settled(client).size());
  }

  @Test
  void filtersDropEventsAndAnEmptyBatchIsNotSent() {
    WatchClient client = world.open();
    client.create(on("a").addFilters(FilterType.NOPUT));
    client.create(on("a").addFilters(FilterType.NODELETE));
    settled(client);
    world.put("a", "v");
    assertEquals(1, only(client).getWatchId());
    world.delete("a");
    assertEquals(0, only(client).getWatchId());
  }

  @Test
  void thePreviousVersionIsGivenToThoseWhoAskUnlessThereIsNone() {
    WatchClient client = world.open();
    client.create(on("a").setPrevKv(true));
    client.create("a");
    settled(client);
    world.put("a", "1");
    assertTrue(settled(client).stream().noneMatch(r -> r.getEvents(0).hasPrevKv()));
    world.put("a", "2");
    List<WatchResponse> second = settled(client);
    assertEquals("1", second.get(0).getEvents(0).getPrevKv().getValue().toStringUtf8());
    assertFalse(second.get(1).getEvents(0).hasPrevKv());
    world.delete("a");
    assertEquals("2", settled(client).get(0).getEvents(0).getPrevKv().getValue().toStringUtf8());
  }

  @Test
  void aPreviousVersionThatIsCompactedIsLeftOut() {
    world.put("a", "1");
    world.put("a", "2");
    world.compact(3);
    WatchClient client = world.open();
    client.create(on("a").setPrevKv(true).setStartRevision(3));
    assertFalse(settled(client).get(1).getEvents(0).hasPrevKv());
  }

  @Test
  void aLargeResponseIsFragmentedOnlyForThoseWhoAsk() {
    world.fragmentBytes = 400;
    WatchClient client = world.open();
    client.create(range("a", "z").setFragment(true));
    client.create(range("a", "z"));
    settled(client);
    world.write(
        store -> {
          for (int i = 0; i < 9; i++) {
            store.put(WatchWorld.bytes("k" + i), WatchWorld.byteString("v".repeat(100)), 0);
          }
        });
    List<WatchResponse> responses = settled(client);
    List<WatchResponse> fragments = responses.stream().filter(r -> r.getWatchId() == 0).toList();
    assertEquals(9, fragments.stream().mapToInt(WatchResponse::getEventsCount).sum());
    for (int i = 0; i < fragments.size(); i++) {
      assertEquals(i < fragments.size() - 1, fragments.get(i).getFragment());
      assertTrue(fragments.get(i).getSerializedSize() < 400);
      assertEquals(2, fragments.get(i).getHeader().getRevision());
    }
    assertTrue(fragments.size() >= 3);
    WatchResponse whole = responses.get(responses.size() - 1);
    assertEquals(9, whole.getEventsCount());
    assertFalse(whole.getFragment());
  }

  @Test
  void aFragmentHoldsAtLeastOneEvent() {
    world.fragmentBytes = 10;
    WatchClient client = world.open();
    client.create(range("a", "z").setFragment(true));
    settled(client);
    world.write(
        store -> {
          store.put(WatchWorld.bytes("k1"), WatchWorld.byteString("v"), 0);
          store.put(WatchWorld.bytes("k2"), WatchWorld.byteString("v"), 0);
        });
    assertEquals(
        List.of(1, 1), settled(client).stream().map(WatchResponse::getEventsCount).toList());
  }

  @Test
  void aSlowClientGetsEverythingAtOnce() {
    WatchClient client = world.open();
    client.create("a");
    settled(client);
    world.put("a", "0");
    while (world.stepHub() || client.step()) {
      // the first event is written into what the client has asked for already
    }
    for (int i = 1; i <= 100; i++) {
      world.put("a", "" + i);
      while (world.stepHub() || client.step()) {
        // the hub and the session are done before the next put
      }
    }
    List<WatchResponse> responses = settled(client);
    assertTrue(responses.size() <= 3, responses.size() + " responses");
    assertEquals(101, client.eventsOf(0).size());
  }

  @Test
  void aClientTooSlowForTheRingReadsTheHistory() {
    WatchWorld small = new WatchWorld(3);
    WatchClient client = small.open();
    client.create("a");
    small.settle();
    for (int i = 0; i < 50; i++) {
      small.put("a", "" + i);
      small.stepHub();
    }
    small.settle();
    assertEquals(50, client.eventsOf(0).size());
  }

  @Test
  void progressIsReportedOnceForTheStreamWhenAllHaveSeenIt() {
    WatchClient client = world.open();
    client.create("a");
    client.create("b");
    settled(client);
    world.put("a", "v");
    client.requestProgress();
    List<WatchResponse> responses = settled(client);
    WatchResponse progress = responses.get(responses.size() - 1);
    assertEquals(2, responses.size());
    assertEquals(-1, progress.getWatchId());
    assertEquals(2, progress.getHeader().getRevision());
    assertEquals(0, progress.getEventsCount());
  }

  @Test
  void progressIsNotReportedWithoutAWatcherOrWithOneInTheFutureOrCompacted() {
    WatchClient none = world.open();
    none.requestProgress();
    WatchClient future = world.open();
    future.create("a", 99);
    future.requestProgress();
    world.put("a", "v");
    world.put("a", "v");
    world.compact(3);
    WatchClient compacted = world.open();
    compacted.create("a", 1);
    compacted.requestProgress();
    world.settle();
    for (WatchClient client : List.of(none, future, compacted)) {
      assertTrue(client.received.stream().noneMatch(r -> r.getWatchId() == -1));
    }
    compacted.cancel(0);
    compacted.create("a");
    compacted.requestProgress();
    world.settle();
    assertEquals(-1, compacted.received.get(compacted.received.size() - 1).getWatchId());
  }

  @Test
  void progressNotifyReportsPerWatcherUnlessThereWereEvents() {
    WatchClient client = world.open();
    client.create(on("a").setProgressNotify(true));
    client.create(on("b").setProgressNotify(true));
    client.create("c");
    settled(client);
    world.put("a", "v");
    settled(client);
    client.tick();
    WatchResponse report = only(client);
    assertEquals(1, report.getWatchId());
    assertEquals(2, report.getHeader().getRevision());
    client.tick();
    assertEquals(
        List.of(0L, 1L), settled(client).stream().map(WatchResponse::getWatchId).sorted().toList());
  }

  @Test
  void aRestoredStoreIsReadFromTheHistory() {
    WatchClient client = world.open();
    client.create("a");
    settled(client);
    world.hub.selfInbox().getAllReceived();
    world.put("a", "1");
    world.put("a", "2");
    world.hub.selfInbox().getAllReceived(); // never published: it came in a snapshot
    world.hub.getRef().tell(new EventHub.Restored(world.view().revision()));
    world.settle();
    assertEquals(2, client.eventsOf(0).size());
  }

  @Test
  void aStreamThatEndsLeavesNothingInTheHub() {
    WatchClient client = world.open();
    client.create("a");
    settled(client);
    client.session.getRef().tell(new WatchSession.Stop());
    client.session.runOne();
    world.put("a", "v");
    world.settle();
    assertFalse(client.session.isAlive());
    assertFalse(client.session.selfInbox().hasMessages());
  }
}
