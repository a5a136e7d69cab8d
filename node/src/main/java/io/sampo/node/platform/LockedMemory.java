package io.sampo.node.platform;

import java.io.IOException;

/**
 * Memory that is never swapped out ({@code --memory-mlock}). etcd locks the map of its database;
 * here the store is on the heap, so all of the process is locked, each page once it is in use.
 */
public final class LockedMemory {
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;

  private LockedMemory() {}

  /**
   * Locks what this process has and will have.
   *
   * @throws IOException with the reason; mostly the limit of locked memory ({@code
   *     LimitMEMLOCK=infinity} in a unit)
   */
  public static void lock() throws IOException {
    try {
      NativeCalls.make(library -> library.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT));
    } catch (IOException e) {
      throw new IOException("mlock error: " + e.getMessage(), e);
    }
  }
}
