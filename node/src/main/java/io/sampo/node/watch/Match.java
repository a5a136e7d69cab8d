package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;

/**
 * News for the watchers of one range of one session.
 *
 * @param watchers the session's own name for the range
 * @param events in revision order, whole revisions, shared with other sessions; null if they are no
 *     longer kept and have to be read from the history
 * @param from the revision to read the history from, if {@code events} is null
 */
record Match(RangeWatchers watchers, KeyVersion[] events, long from) {
  boolean isBehind() {
    return events == null;
  }
}
