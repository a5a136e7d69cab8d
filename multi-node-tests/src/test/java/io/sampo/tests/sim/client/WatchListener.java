package io.sampo.tests.sim.client;

import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;

/** Hears what watchers hear. */
public interface WatchListener {
  /** From now on everything from this revision on is expected. */
  void onBegin(String watcher, WatchCreateRequest request, long startRevision);

  /** A response with events, or with nothing but progress. */
  void onNews(String watcher, WatchResponse response);

  /** The watcher was ended because of a compaction. */
  void onCompacted(String watcher, long compactRevision);
}
