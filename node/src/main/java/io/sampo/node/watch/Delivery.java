package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccView;

/**
 * The same events on their way to a number of watchers of one range. It writes as much as the
 * client takes, then waits: what is queued is references, not bytes.
 */
final class Delivery implements SessionOutput.Outgoing {
  /** A response is cut behind the revision that fills it up to here. */
  private static final long RESPONSE_BYTES = 1 << 20;

  private final Watcher[] watchers;
  private final int count;
  private final KeyVersion[] events;

  /** The header's revision; 0 to say that of the last event. */
  private final long revision;

  /** Whether it is news of the hub, which lagging watchers must not get. */
  private final boolean news;

  /** The part of the events that is being sent, and whose turn it is. */
  private int from;

  private int to;
  private int place;
  private EncodedEvents[] encoded;

  private Delivery(
      Watcher[] watchers, int count, KeyVersion[] events, long revision, boolean news) {
    this.watchers = watchers;
    this.count = count;
    this.events = events;
    this.revision = revision;
    this.news = news;
    nextPart();
  }

  static Delivery ofNews(RangeWatchers range, KeyVersion[] events) {
    return new Delivery(range.watchers(), range.count(), events, 0, true);
  }

  static Delivery ofHistory(Watcher[] watchers, int count, KeyVersion[] events, long revision) {
    return new Delivery(watchers, count, events, revision, false);
  }

  /** How many events times watchers it stands for. */
  long size() {
    return (long) events.length * count;
  }

  boolean isDone() {
    return from == events.length;
  }

  /** Writes to the next watchers until the frames are full; gives the number of events written. */
  long write(Frames out, int full, WatchResponseWriter writer, int fragmentBytes, MvccView view) {
    long written = 0;
    while (!isDone() && out.size() < full) {
      if (place == count) {
        from = to;
        nextPart();
        continue;
      }
      Watcher watcher = watchers[place++];
      if (!watcher.is(Watcher.ENDED) && !(news && watcher.is(Watcher.LAGGING))) {
        written += write(out, watcher, writer, fragmentBytes, view);
      }
    }
    return written;
  }

  private void nextPart() {
    place = 0;
    encoded = new EncodedEvents[Watcher.ENCODING + 1];
    long bytes = 0;
    while (to < events.length) {
      boolean boundary = to > from && events[to].modRevision() != events[to - 1].modRevision();
      if (boundary && bytes >= RESPONSE_BYTES) {
        return;
      }
      bytes += events[to++].encoded().length;
    }
  }

  private int write(
      Frames out, Watcher watcher, WatchResponseWriter writer, int fragmentBytes, MvccView view) {
    EncodedEvents mine = eventsFor(watcher, view);
    if (mine.count() == 0) {
      return 0;
    }
    watcher.set(Watcher.ACTIVE);
    long headerRevision = revision == 0 ? events[to - 1].modRevision() : revision;
    int size = writer.size(watcher.id, headerRevision, mine.bytes().length);
    if (watcher.is(Watcher.FRAGMENT) && size >= fragmentBytes && mine.count() > 1) {
      writeFragments(out, watcher, writer, mine, headerRevision, fragmentBytes);
    } else {
      writer.events(out, watcher.id, headerRevision, mine, 0, mine.count(), false);
    }
    return mine.count();
  }

  private EncodedEvents eventsFor(Watcher watcher, MvccView view) {
    int first = from;
    while (news && first < to && events[first].modRevision() < watcher.next) {
      first++;
    }
    if (first > from) {
      return EncodedEvents.of(events, first, to, watcher.encoding(), view);
    }
    EncodedEvents shared = encoded[watcher.encoding()];
    if (shared == null) {
      shared = EncodedEvents.of(events, from, to, watcher.encoding(), view);
      encoded[watcher.encoding()] = shared;
    }
    return shared;
  }

  /** At least one event each, else as many as stay below the limit, as etcd counts. */
  private static void writeFragments(
      Frames out,
      Watcher watcher,
      WatchResponseWriter writer,
      EncodedEvents events,
      long revision,
      int fragmentBytes) {
    // The mark "more follows" is part of each fragment that is measured.
    int fixed = writer.size(watcher.id, revision, 0) + 2;
    int start = 0;
    while (start < events.count()) {
      int end = start + 1;
      while (end < events.count()
          && fixed + events.offset(end + 1) - events.offset(start) < fragmentBytes) {
        end++;
      }
      writer.events(out, watcher.id, revision, events, start, end, end < events.count());
      start = end;
    }
  }
}
