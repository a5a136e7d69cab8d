package io.sampo.node.edge;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * How many connections there may be at a time. Who comes when all places are taken waits in the
 * backlog of its port, and nothing is done about it until a place is free. For any thread.
 */
public final class ConnectionLimit {
  /** What the process keeps for itself at least (etcd's number). */
  private static final int RESERVED_FILES = 150;

  /** What the journal and snapshots may open beside what a started node has open, such as jars. */
  private static final int OWN_FILES = 100;

  private final int places;
  private final Runnable onFull;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int taken;

  /**
   * @param onFull told each time somebody has to wait
   */
  public ConnectionLimit(int places, Runnable onFull) {
    this.places = places;
    this.onFull = onFull;
  }

  /** As many as the process's limit of open files allows, at least one. */
  public static int byFiles() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return Integer.MAX_VALUE;
    }
    long reserved = Math.max(RESERVED_FILES, unix.getOpenFileDescriptorCount() + OWN_FILES);
    long free = unix.getMaxFileDescriptorCount() - reserved;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, free));
  }

  public int places() {
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
