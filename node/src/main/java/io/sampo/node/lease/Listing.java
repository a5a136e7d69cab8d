package io.sampo.node.lease;

import io.sampo.node.dispatch.ReplyTo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A list of all leases in the order of their deadlines, while the sessions are being asked. */
final class Listing {
  private record Due(long id, long deadlineMillis) {}

  private final List<ReplyTo<List<Long>>> askers;
  private final List<Due> found;
  private int missing;

  Listing(List<ReplyTo<List<Long>>> askers, int sessions) {
    this.askers = askers;
    this.found = new ArrayList<>(sessions);
    this.missing = sessions;
  }

  /** Takes a session's answer; true if it was the last. */
  boolean add(long id, long deadlineMillis) {
    found.add(new Due(id, deadlineMillis));
    return --missing == 0;
  }

  boolean isComplete() {
    return missing == 0;
  }

  void complete() {
    found.sort(Comparator.comparingLong(Due::deadlineMillis).thenComparingLong(Due::id));
    complete(found.stream().map(Due::id).toList());
  }

  /** Answers with a list from elsewhere. */
  void complete(List<Long> ids) {
    askers.forEach(asker -> asker.tell(ids));
  }
}
