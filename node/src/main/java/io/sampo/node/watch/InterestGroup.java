package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.watch.range.WatchedRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** All sessions that want one range, and the recent events of it that some of them still lack. */
final class InterestGroup {
  private static final KeyVersion[] NO_EVENTS = {};

  final WatchedRange range;
  private Interest[] interests = new Interest[1];
  private int count;

  /** How many of the interests have something pending. */
  private int pending;

  /** What the publication under way has for the range; null if nothing. */
  private List<KeyVersion> news;

  /** Events at or above {@link #coveredFrom}; null while nobody lacks any. */
  private Deque<KeyVersion> recent;

  private long coveredFrom;

  /** How many places in the hub's ring stand for events that were let go before their turn. */
  private int letGo;

  InterestGroup(WatchedRange range) {
    this.range = range;
  }

  int count() {
    return count;
  }

  Interest interest(int place) {
    return interests[place];
  }

  void add(Interest interest) {
    if (count == interests.length) {
      interests = Arrays.copyOf(interests, count * 2);
    }
    interest.group = this;
    interest.place = count;
    interests[count++] = interest;
  }

  void remove(Interest interest) {
    Interest last = interests[--count];
    interests[interest.place] = last;
    last.place = interest.place;
    interests[count] = null;
    if (interest.pendingFrom != 0) {
      settled(interest);
    }
  }

  /** Adds an event of the publication under way; true for the first one. */
  boolean addNews(KeyVersion event) {
    boolean first = news == null;
    if (first) {
      news = new ArrayList<>(1);
    }
    news.add(event);
    return first;
  }

  KeyVersion[] takeNews() {
    KeyVersion[] taken = news.toArray(NO_EVENTS);
    news = null;
    return taken;
  }

  /** Notes that the interest lacks everything from the revision on. */
  void lacks(Interest interest, long from) {
    interest.pendingFrom = from;
    pending++;
  }

  /** Notes that the interest lacks nothing any more. */
  void settled(Interest interest) {
    interest.pendingFrom = 0;
    if (--pending == 0 && recent != null) {
      letGo += recent.size();
      recent = null;
    }
  }

  boolean someoneLacks() {
    return pending > 0;
  }

  void keep(KeyVersion event) {
    if (recent == null) {
      recent = new ArrayDeque<>(4);
      coveredFrom = event.modRevision();
    }
    recent.add(event);
  }

  /** Gives up the oldest event kept, when its place in the hub's ring is needed. */
  void dropOldest() {
    if (letGo > 0) {
      letGo--;
    } else {
      coveredFrom = recent.remove().modRevision() + 1;
    }
  }

  /** After a gap in what was published, nothing that is kept is complete. */
  void forgetRecent() {
    if (recent != null) {
      letGo += recent.size();
      recent = null;
    }
  }

  /** What the interest lacks, from what is kept; null if not all of it is. */
  KeyVersion[] recentFrom(long revision) {
    if (recent == null || revision < coveredFrom) {
      return null;
    }
    int skip = 0;
    for (KeyVersion event : recent) {
      if (event.modRevision() >= revision) {
        break;
      }
      skip++;
    }
    KeyVersion[] all = recent.toArray(NO_EVENTS);
    return skip == 0 ? all : Arrays.copyOfRange(all, skip, all.length);
  }
}
