package io.sampo.node.discovery;

import java.util.List;
import java.util.function.Predicate;

/** The store behind the discovery service: any etcd. Every call waits for its answer. */
interface Registry {

  /**
   * One key.
   *
   * @param createRevision at which it was first written, by which members are put in order
   */
  record Entry(String key, String value, long createRevision) {}

  /**
   * What a range holds.
   *
   * @param revision of the whole store
   */
  record Listing(long revision, List<Entry> entries) {}

  /** The key alone, or nothing. */
  Listing get(String key) throws RegistryException, InterruptedException;

  /** All keys with this prefix. */
  Listing list(String prefix) throws RegistryException, InterruptedException;

  /** Writes a key. */
  void put(String key, String value) throws RegistryException, InterruptedException;

  /**
   * Hands over what is written below a prefix, from this revision on, until it is enough.
   *
   * @param enough sees every batch of changes, also of those whose value is gone
   * @throws RegistryException if the history from there on is not there any more
   */
  void watch(String prefix, long revision, Predicate<List<Entry>> enough)
      throws RegistryException, InterruptedException;
}
