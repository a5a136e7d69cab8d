package io.sampo.node.edge;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * How many connections there may be at a time. Who comes when all places are taken waits in the
 * backlog of its port, and nothing is done about it until a place is free. For any thread.
 */
final class ConnectionLimit {
  /** What the journal, snapshots and libraries may have open (etcd's number). */
  static final int RESERVED_FILES = 150;

  private final int places;
  private final Runnable onFull;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int taken;

  /**
   * @param onFull told each time somebody has to wait
   */
  ConnectionLimit(int places, Runnable onFull) {
    this.places = places;
    this.onFull = onFull;
  }

  /** How many files this process may have open beside those that are reserved, at least one. */
  static int byFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int)
            Math.max(
                1, Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount() - RESERVED_FILES))
        : Integer.MAX_VALUE;
  }

  int places() {
    return places;
  }

  /** Takes a place, at once or when one is free. */
  void take(Runnable granted) {
    synchronized (this) {
      if (taken >= places) {
        waiting.add(granted);
        granted = onFull;
      } else {
        taken++;
      }
    }
    granted.run();
  }

  /** Gives a place back. */
  void release() {
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        taken--;
        return;
      }
    }
    next.run();
  }
}
