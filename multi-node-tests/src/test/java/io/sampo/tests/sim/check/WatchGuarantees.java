package io.sampo.tests.sim.check;

import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import io.sampo.protocol.mvccpb.KeyValue;
import io.sampo.tests.sim.client.WatchListener;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A watcher hears of every event of its range from its revision on, once, in order, with the right
 * content; all events of one revision come together; progress never overtakes an event.
 */
public final class WatchGuarantees implements Check, WatchListener {
  private static final String NAME = "watch";

  private static final class Watched {
    private final WatchCreateRequest request;

    /** The position in the reference's history of what is expected next. */
    private int next;

    private long lastRevision;

    Watched(WatchCreateRequest request) {
      this.request = request;
    }
  }

  private final Violations violations;
  private final ReferenceStore store;
  private final Map<String, Watched> watchers = new TreeMap<>();
  private long events;

  public WatchGuarantees(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.store = committed.store();
  }

  /** Events that were judged. */
  public long events() {
    return events;
  }

  @Override
  public void onBegin(String watcher, WatchCreateRequest request, long startRevision) {
    Watched watched = new Watched(request);
    List<ReferenceVersion> history = store.history();
    while (watched.next < history.size() && history.get(watched.next).revision() < startRevision) {
      watched.next++;
    }
    watchers.put(watcher, watched);
  }

  @Override
  public void onCompacted(String watcher, long compactRevision) {
    watchers.remove(watcher);
    if (compactRevision > store.compactRevision()) {
      violations.report(NAME, watcher + " hears of a compaction at " + compactRevision);
    }
  }

  @Override
  public void onNews(String watcher, WatchResponse response) {
    Watched watched = watchers.get(watcher);
    if (watched == null) {
      violations.report(NAME, watcher + " hears something before its creation");
      return;
    }
    for (Event event : response.getEventsList()) {
      events++;
      ReferenceVersion expected = expected(watched);
      if (expected == null || !isEvent(watched, expected, event)) {
        violations.report(
            NAME, watcher + " got " + Text.of(event) + " instead of " + Text.of(expected));
        return;
      }
      watched.lastRevision = expected.revision();
      watched.next++;
    }
    ReferenceVersion following = expected(watched);
    if (following == null) {
      return;
    }
    if (response.getEventsCount() > 0 && following.revision() == watched.lastRevision) {
      violations.report(NAME, watcher + " got only a part of revision " + watched.lastRevision);
    }
    if (response.getEventsCount() == 0
        && following.revision() <= response.getHeader().getRevision()) {
      violations.report(
          NAME,
          watcher
              + " heard of progress to "
              + response.getHeader().getRevision()
              + " before "
              + Text.of(following));
    }
  }

  /** The next event of the watcher; null if there is none yet. */
  private ReferenceVersion expected(Watched watched) {
    List<ReferenceVersion> history = store.history();
    while (watched.next < history.size()) {
      ReferenceVersion version = history.get(watched.next);
      if (matches(watched.request, version)) {
        return version;
      }
      watched.next++;
    }
    return null;
  }

  private static boolean matches(WatchCreateRequest request, ReferenceVersion version) {
    var filtered =
        version.deleted()
            ? WatchCreateRequest.FilterType.NODELETE
            : WatchCreateRequest.FilterType.NOPUT;
    return !request.getFiltersList().contains(filtered)
        && ReferenceStore.inRange(version.key(), request.getKey(), request.getRangeEnd());
  }

  private boolean isEvent(Watched watched, ReferenceVersion expected, Event event) {
    boolean right =
        event.getKv().equals(expected.kv())
            && (event.getType() == Event.EventType.DELETE) == expected.deleted();
    if (!right || !watched.request.getPrevKv()) {
      return right;
    }
    KeyValue before = store.get(expected.key(), expected.revision() - 1);
    boolean compacted = expected.revision() - 1 <= store.compactRevision();
    return event.hasPrevKv() ? event.getPrevKv().equals(before) : before == null || compacted;
  }

  /** Whether nobody waits for anything. */
  public boolean allHeard() {
    return watchers.values().stream().allMatch(watched -> expected(watched) == null);
  }

  /** Watchers that were created at some time. */
  public int watchers() {
    return watchers.size();
  }
}
