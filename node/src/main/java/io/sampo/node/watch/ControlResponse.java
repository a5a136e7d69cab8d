package io.sampo.node.watch;

/**
 * A response without events, on its way to the client.
 *
 * @param revision the header's; 0 where etcd leaves it out
 * @param compactRevision 0 unless a compaction ended the watcher
 * @param cancelReason empty if there is none
 */
record ControlResponse(
    long watchId,
    long revision,
    boolean created,
    boolean canceled,
    long compactRevision,
    String cancelReason)
    implements SessionOutput.Outgoing {

  static ControlResponse created(long watchId, long revision) {
    return new ControlResponse(watchId, revision, true, false, 0, "");
  }

  /** A watcher that never came to be: created and canceled at once, without an id. */
  static ControlResponse refused(long revision, String reason) {
    return new ControlResponse(WatchResponseWriter.NO_WATCHER, revision, true, true, 0, reason);
  }

  static ControlResponse canceled(long watchId, long revision) {
    return new ControlResponse(watchId, revision, false, true, 0, "");
  }

  /** A watcher whose client may not see more. etcd has no such thing: there it would go on. */
  static ControlResponse forbidden(long watchId, long revision, String reason) {
    return new ControlResponse(watchId, revision, false, true, 0, reason);
  }

  /** etcd gives neither reason nor header revision here. */
  static ControlResponse compacted(long watchId, long compactRevision) {
    return new ControlResponse(watchId, 0, false, true, compactRevision, "");
  }

  static ControlResponse progress(long watchId, long revision) {
    return new ControlResponse(watchId, revision, false, false, 0, "");
  }
}
