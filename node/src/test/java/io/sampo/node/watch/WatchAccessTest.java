package io.sampo.node.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A watcher goes on only as long as its client may see what it watches. etcd asks but once. */
class WatchAccessTest {
  private final WatchWorld world = new WatchWorld();

  private static List<String> keys(WatchResponse response) {
    return response.getEventsList().stream().map(e -> e.getKv().getKey().toStringUtf8()).toList();
  }

  /** What a client may see: everything but the keys of a set, which may grow. */
  private static final class Forbidding implements WatchAuthorizer {
    private final Set<String> forbidden = new HashSet<>();
    private boolean changed;

    void forbid(String key) {
      forbidden.add(key);
      changed = true;
    }

    @Override
    public EtcdException refusal(byte[] key, byte[] rangeEnd) {
      return forbidden.contains(new String(key, StandardCharsets.UTF_8))
          ? EtcdError.PERMISSION_DENIED.exception()
          : null;
    }

    @Override
    public EtcdException loss(byte[] key, byte[] rangeEnd) {
      return refusal(key, rangeEnd);
    }

    @Override
    public boolean hasChanged() {
      boolean was = changed;
      changed = false;
      return was;
    }
  }

  @Test
  void whoMaySeeNoMoreIsCancelledBeforeTheNextEvent() {
    Forbidding forbidding = new Forbidding();
    world.authorizer = forbidding;
    WatchClient client = world.open();
    client.create("a");
    client.create("b");
    client.create("a");
    world.settled(client);
    forbidding.forbid("a");
    world.write(
        store -> {
          store.put(WatchWorld.bytes("a"), WatchWorld.byteString("v"), 0);
          store.put(WatchWorld.bytes("b"), WatchWorld.byteString("v"), 0);
        });
    List<WatchResponse> responses = world.settled(client);
    assertEquals(3, responses.size(), responses.toString());
    assertEquals(List.of("b"), keys(responses.get(0)));
    for (int i = 1; i <= 2; i++) {
      WatchResponse cancelled = responses.get(i);
      assertTrue(cancelled.getCanceled() && !cancelled.getCreated());
      assertEquals(i == 1 ? 0 : 2, cancelled.getWatchId());
      assertEquals(
          "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
          cancelled.getCancelReason());
    }
    world.put("a", "secret");
    assertEquals(List.of(), world.settled(client));
    client.create("a");
    assertTrue(world.only(client).getCanceled());
  }

  @Test
  void aReaderOfTheHistoryStopsInTheMiddle() {
    Forbidding forbidding = new Forbidding();
    world.authorizer = forbidding;
    world.sliceVersions = 8;
    for (int i = 0; i < 100; i++) {
      world.put("a", "value " + i);
    }
    WatchClient client = world.open();
    client.create("a", 2);
    while (client.eventsOf(0).isEmpty()) {
      client.step();
      client.pull();
      client.take();
    }
    forbidding.forbid("a");
    world.settle();
    int seen = client.eventsOf(0).size();
    assertTrue(seen < 100, () -> seen + " events");
    assertTrue(client.received.get(client.received.size() - 1).getCanceled());
  }

  @Test
  void whatIsOnItsWayIsNotSentEither() {
    Forbidding forbidding = new Forbidding();
    world.authorizer = forbidding;
    WatchClient client = world.open();
    client.create("a");
    world.settled(client);
    world.put("a", "1");
    while (world.stepHub()) {
      // The session is told, but has not taken it yet.
    }
    forbidding.forbid("a");
    WatchResponse cancelled = world.only(client);
    assertTrue(cancelled.getCanceled());
    assertEquals(0, cancelled.getEventsCount());
  }

  @Test
  void aWatcherOfWhatNeverChangesIsCancelledAsWell() {
    Forbidding forbidding = new Forbidding();
    world.authorizer = forbidding;
    WatchClient client = world.open();
    client.create("a");
    world.settled(client);
    world.hub.getRef().tell(EventHub.Signal.ACCESS_CHANGED);
    assertEquals(List.of(), world.settled(client));
    forbidding.forbid("a");
    world.hub.getRef().tell(EventHub.Signal.ACCESS_CHANGED);
    assertTrue(world.only(client).getCanceled());
  }
}
