package io.sampo.node.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.node.watch.range.WatchedRange;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest.FilterType;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.protocol.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random writes, compactions, watchers and slow clients, with messages in any order that mailboxes
 * allow, against a model that filters the log: ordered, unique, atomic, complete.
 */
class WatchModelTest {
  private static final int STEPS = 400;
  private static final String[] KEYS = {"a", "aa", "ab", "b", "ba", "c", "d"};

  private record Watched(
      WatchClient client, long id, WatchCreateRequest request, long start, int createdAfter) {}

  private final Map<String, Watched> watched = new HashMap<>();

  @Property(tries = 300)
  void everyWatcherSeesWhatTheModelSays(@ForAll long seed) {
    Random random = new Random(seed);
    watched.clear();
    WatchWorld world = new WatchWorld(1 + random.nextInt(40));
    world.sliceVersions = 1 + random.nextInt(10);
    world.chunkBytes = 1 + random.nextInt(2000);
    world.fragmentBytes = 60 + random.nextInt(400);
    int clients = 1 + random.nextInt(3);
    for (int i = 0; i < clients; i++) {
      world.open();
    }
    for (int i = 0; i < STEPS; i++) {
      step(world, random);
    }
    world.settle();
    watched.values().forEach(watcher -> check(world, watcher));
  }

  private void step(WatchWorld world, Random random) {
    WatchClient client = world.clients.get(random.nextInt(world.clients.size()));
    int choice = random.nextInt(100);
    if (choice < 22) {
      write(world, random);
    } else if (choice < 50) {
      world.stepHub();
    } else if (choice < 80) {
      client.step();
    } else if (choice < 88) {
      client.pull();
    } else if (choice < 95) {
      create(world, client, random);
    } else if (choice < 97) {
      compact(world, random);
    } else if (choice < 98) {
      client.requestProgress();
    } else if (choice < 99 && !watched.isEmpty()) {
      client.cancel(1 + random.nextInt(watched.size()));
    } else {
      client.tick();
    }
  }

  private static void write(WatchWorld world, Random random) {
    Set<String> keys = new HashSet<>();
    int writes = random.nextInt(5) == 0 ? 3 : 1;
    for (int i = 0; i < writes; i++) {
      keys.add(KEYS[random.nextInt(KEYS.length)]);
    }
    world.write(
        store -> {
          for (String key : keys) {
            if (random.nextInt(3) == 0) {
              store.delete(WatchWorld.bytes(key));
            } else {
              store.put(
                  WatchWorld.bytes(key), ByteString.copyFrom(new byte[random.nextInt(60)]), 0);
            }
          }
        });
  }

  private static void compact(WatchWorld world, Random random) {
    long floor = Math.max(world.view().compactRevision(), 0);
    long above = world.view().revision() - floor;
    if (above > 0) {
      world.compact(floor + 1 + random.nextInt((int) above));
    }
  }

  private void create(WatchWorld world, WatchClient client, Random random) {
    WatchCreateRequest.Builder request =
        WatchCreateRequest.newBuilder()
            .setWatchId(watched.size() + 1)
            .setPrevKv(random.nextBoolean())
            .setFragment(random.nextInt(3) == 0)
            .setProgressNotify(random.nextBoolean())
            .setKey(WatchWorld.byteString(KEYS[random.nextInt(KEYS.length)]));
    int kind = random.nextInt(3);
    if (kind == 1) {
      request.setRangeEnd(WatchWorld.byteString("\0"));
    } else if (kind == 2) {
      request.setRangeEnd(WatchWorld.byteString(request.getKey().toStringUtf8() + "z"));
    }
    if (random.nextBoolean()) {
      request.setStartRevision(1 + random.nextInt((int) world.view().revision() + 3));
    }
    if (random.nextInt(4) == 0) {
      request.addFilters(random.nextBoolean() ? FilterType.NOPUT : FilterType.NODELETE);
    }
    long id = request.getWatchId();
    client.create(request);
    watched.put("w" + id, new Watched(client, id, request.build(), 0, client.received.size()));
  }

  private void check(WatchWorld world, Watched watcher) {
    List<WatchResponse> mine =
        watcher.client().received.stream().filter(r -> r.getWatchId() == watcher.id()).toList();
    assertTrue(mine.get(0).getCreated(), "created comes first");
    long start =
        watcher.request().getStartRevision() == 0
            ? mine.get(0).getHeader().getRevision() + 1
            : watcher.request().getStartRevision();
    boolean canceled = mine.get(mine.size() - 1).getCanceled();
    List<KeyVersion> expected = expected(world, watcher, start);
    List<Event> events = new ArrayList<>();
    long seen = 0;
    boolean split = false;
    for (WatchResponse response : mine) {
      long revision = response.getHeader().getRevision();
      for (Event event : response.getEventsList()) {
        long mod = event.getKv().getModRevision();
        assertTrue(mod <= revision, "the header is never behind its events");
        assertTrue(mod > seen || split || event != response.getEvents(0), "atomic");
        events.add(event);
      }
      if (response.getEventsCount() > 0) {
        seen = response.getEvents(response.getEventsCount() - 1).getKv().getModRevision();
        split = response.getFragment();
      } else if (!response.getCreated() && !response.getCanceled()) {
        long reported = revision;
        long due = expected.stream().filter(e -> e.modRevision() <= reported).count();
        assertEquals(due, events.size(), "progress never overtakes an event");
      }
    }
    compare(world, watcher, expected, events, canceled);
  }

  private static void compare(
      WatchWorld world,
      Watched watcher,
      List<KeyVersion> expected,
      List<Event> events,
      boolean canceled) {
    if (!canceled) {
      assertEquals(expected.size(), events.size(), "complete");
    }
    assertTrue(events.size() <= expected.size(), "unique");
    for (int i = 0; i < events.size(); i++) {
      KeyVersion version = expected.get(i);
      Event event = events.get(i);
      assertEquals(version.toKeyValue(), event.getKv());
      assertEquals(version.isTombstone(), event.getType() == Event.EventType.DELETE);
      KeyValue previous = previous(world, version);
      if (!watcher.request().getPrevKv() || previous == null) {
        assertTrue(!event.hasPrevKv(), "no previous version");
      } else if (event.hasPrevKv()) {
        assertEquals(previous, event.getPrevKv());
      } else {
        assertTrue(
            version.modRevision() - 1 < world.view().compactRevision(), "forgotten only then");
      }
    }
  }

  private static KeyValue previous(WatchWorld world, KeyVersion version) {
    KeyVersion previous = null;
    for (RevisionBatch batch : world.log) {
      for (KeyVersion candidate : batch.versions()) {
        if (candidate.modRevision() < version.modRevision() && candidate.compareKey(version) == 0) {
          previous = candidate;
        }
      }
    }
    return previous == null || previous.isTombstone() ? null : previous.toKeyValue();
  }

  private static List<KeyVersion> expected(WatchWorld world, Watched watcher, long start) {
    WatchCreateRequest request = watcher.request();
    WatchedRange range =
        WatchedRange.of(request.getKey().toByteArray(), request.getRangeEnd().toByteArray());
    List<KeyVersion> expected = new ArrayList<>();
    for (RevisionBatch batch : world.log) {
      for (KeyVersion version : batch.versions()) {
        FilterType dropped = version.isTombstone() ? FilterType.NODELETE : FilterType.NOPUT;
        if (version.modRevision() >= start
            && range.contains(version.key())
            && !request.getFiltersList().contains(dropped)) {
          expected.add(version);
        }
      }
    }
    return expected;
  }
}
