package io.sampo.node.watch;

import io.sampo.protocol.etcdserverpb.WatchCreateRequest;

/** One watcher of a session. A million of them have to fit, so its switches are bits. */
final class Watcher {
  static final int PREVIOUS = 1;
  static final int NO_PUT = 1 << 1;
  static final int NO_DELETE = 1 << 2;

  /** The switches that decide which bytes an event becomes. */
  static final int ENCODING = PREVIOUS | NO_PUT | NO_DELETE;

  static final int FRAGMENT = 1 << 3;
  static final int PROGRESS = 1 << 4;

  /** It started above the revision of its time. */
  static final int FUTURE = 1 << 5;

  /** It reads the history; news of the hub are not for it. */
  static final int LAGGING = 1 << 6;

  /** It ended, by the client or by a compaction. */
  static final int ENDED = 1 << 7;

  /** It had events since the last tick of the progress timer. */
  static final int ACTIVE = 1 << 8;

  /** A tick of the progress timer wants a report. */
  static final int REPORT_DUE = 1 << 9;

  final long id;
  final RangeWatchers range;

  /** What the hub tells below this revision is not for it. */
  long next;

  private int flags;

  Watcher(long id, RangeWatchers range, long next, int flags) {
    this.id = id;
    this.range = range;
    this.next = next;
    this.flags = flags;
  }

  static int flagsOf(WatchCreateRequest request) {
    int flags = 0;
    for (int i = 0; i < request.getFiltersCount(); i++) {
      switch (request.getFilters(i)) {
        case NOPUT -> flags |= NO_PUT;
        case NODELETE -> flags |= NO_DELETE;
        default -> {} // etcd ignores what it does not know
      }
    }
    flags |= request.getPrevKv() ? PREVIOUS : 0;
    flags |= request.getFragment() ? FRAGMENT : 0;
    flags |= request.getProgressNotify() ? PROGRESS : 0;
    return flags;
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  void set(int flag) {
    flags |= flag;
  }

  void clear(int flag) {
    flags &= ~flag;
  }

  /** Which of the eight ways to encode an event it wants. */
  int encoding() {
    return flags & ENCODING;
  }

  /** Whether its start lies above the revision. */
  boolean startsAfter(long revision) {
    return is(FUTURE) && next > revision;
  }
}
