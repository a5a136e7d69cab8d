package io.sampo.node.watch;

import static io.sampo.node.watch.WatchWorld.on;
import static io.sampo.node.watch.WatchWorld.range;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a client gets its events: in fragments, late, from the history; and reports of progress. */
class WatchDeliveryTest {
  private final WatchWorld world = new WatchWorld();

  @Test
  void aLargeResponseIsFragmentedOnlyForThoseWhoAsk() {
    world.fragmentBytes = 400;
    WatchClient client = world.open();
    client.create(range("a", "z").setFragment(true));
    client.create(range("a", "z"));
    world.settled(client);
    world.write(
        store -> {
          for (int i = 0; i < 9; i++) {
            store.put(WatchWorld.bytes("k" + i), WatchWorld.byteString("v".repeat(100)), 0);
          }
        });
    List<WatchResponse> responses = world.settled(client);
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
    world.settled(client);
    world.write(
        store -> {
          store.put(WatchWorld.bytes("k1"), WatchWorld.byteString("v"), 0);
          store.put(WatchWorld.bytes("k2"), WatchWorld.byteString("v"), 0);
        });
    assertEquals(
        List.of(1, 1), world.settled(client).stream().map(WatchResponse::getEventsCount).toList());
  }

  @Test
  void aSlowClientGetsEverythingAtOnce() {
    WatchClient client = world.open();
    client.create("a");
    world.settled(client);
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
    List<WatchResponse> responses = world.settled(client);
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
    world.settled(client);
    world.put("a", "v");
    client.requestProgress();
    List<WatchResponse> responses = world.settled(client);
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
    world.settled(client);
    world.put("a", "v");
    world.settled(client);
    client.tick();
    WatchResponse report = world.only(client);
    assertEquals(1, report.getWatchId());
    assertEquals(2, report.getHeader().getRevision());
    client.tick();
    assertEquals(
        List.of(0L, 1L),
        world.settled(client).stream().map(WatchResponse::getWatchId).sorted().toList());
  }

  /** Whoever loses its connection then comes back with a revision that is not compacted. */
  @Test
  void aCompactionIsReasonToReportProgressToThoseWhoWantReports() {
    WatchClient client = world.open();
    client.create(on("idle").setProgressNotify(true));
    client.create(on("busy").setProgressNotify(true));
    client.create("idle");
    WatchClient future = world.open();
    future.create(on("idle").setStartRevision(99).setProgressNotify(true));
    world.settled(client);
    world.put("busy", "v");
    long revision = world.put("other", "v");
    world.settled(client);
    world.settled(future);
    world.compact(revision);
    List<WatchResponse> reports = world.settled(client);
    assertEquals(
        List.of(0L, 1L), reports.stream().map(WatchResponse::getWatchId).sorted().toList());
    for (WatchResponse report : reports) {
      assertEquals(revision, report.getHeader().getRevision());
      assertEquals(0, report.getEventsCount());
    }
    assertEquals(List.of(), world.settled(future));
  }

  @Test
  void aRestoredStoreIsReadFromTheHistory() {
    WatchClient client = world.open();
    client.create("a");
    world.settled(client);
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
    world.settled(client);
    client.session.getRef().tell(new WatchSession.Stop());
    client.session.runOne();
    world.put("a", "v");
    world.settle();
    assertFalse(client.session.isAlive());
    assertFalse(client.session.selfInbox().hasMessages());
  }
}
