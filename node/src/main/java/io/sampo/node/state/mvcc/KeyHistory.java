package io.sampo.node.state.mvcc;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The versions of one key, newest first: a persistent list with a second pointer that jumps over
 * ever longer stretches (Myers, "An applicative random-access stack", 1983). Pushing costs O(1),
 * finding the version at an old revision O(log n).
 */
final class KeyHistory {
  private final KeyVersion newest;
  private final KeyHistory rest;
  private final KeyHistory jump;
  private final int length;

  private KeyHistory(KeyVersion newest, KeyHistory rest, KeyHistory jump, int length) {
    this.newest = newest;
    this.rest = rest;
    this.jump = jump;
    this.length = length;
  }

  /** The history with one more version; {@code older} is null for a key that was never there. */
  static KeyHistory push(KeyVersion version, KeyHistory older) {
    if (older == null) {
      return new KeyHistory(version, null, null, 1);
    }
    KeyHistory first = older.jump;
    boolean equalStretches =
        first != null && older.length - first.length == first.length - length(first.jump);
    return new KeyHistory(version, older, equalStretches ? first.jump : older, older.length + 1);
  }

  private static int length(KeyHistory history) {
    return history == null ? 0 : history.length;
  }

  KeyVersion newest() {
    return newest;
  }

  boolean isLive() {
    return !newest.isTombstone();
  }

  int length() {
    return length;
  }

  /** The newest version at or below the revision, or null. */
  KeyVersion at(long revision) {
    KeyHistory here = this;
    while (here != null && here.newest.modRevision() > revision) {
      boolean far = here.jump != null && here.jump.newest.modRevision() > revision;
      here = far ? here.jump : here.rest;
    }
    return here == null ? null : here.newest;
  }

  /**
   * What compaction at the revision leaves: every version above it and the newest one at or below
   * it, unless that is a tombstone from before it. Null if nothing is left; this very object if
   * everything is.
   */
  KeyHistory compact(long revision) {
    Deque<KeyVersion> kept = new ArrayDeque<>();
    KeyHistory here = this;
    while (here != null && here.newest.modRevision() > revision) {
      kept.push(here.newest);
      here = here.rest;
    }
    if (here != null && (!here.newest.isTombstone() || here.newest.modRevision() == revision)) {
      kept.push(here.newest);
      here = here.rest;
    }
    if (here == null) {
      return this;
    }
    KeyHistory compacted = null;
    for (KeyVersion version : kept) {
      compacted = push(version, compacted);
    }
    return compacted;
  }

  /** The older versions, or null. */
  KeyHistory rest() {
    return rest;
  }

  /** What all versions take in the key bucket. */
  long storedBytes() {
    long bytes = 0;
    for (KeyHistory here = this; here != null; here = here.rest) {
      bytes += here.newest.storedBytes();
    }
    return bytes;
  }
}
