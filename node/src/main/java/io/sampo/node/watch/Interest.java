package io.sampo.node.watch;

/**
 * That one session wants the events of one range. The session makes it and tells the hub; from then
 * on its fields belong to the hub alone, and the session only keeps it as a name.
 */
final class Interest {
  final HubSlot slot;

  /** What the session files its watchers of this range under; the hub only hands it back. */
  final RangeWatchers watchers;

  InterestGroup group;

  /** Where it stands in its group. */
  int place;

  /** The first revision whose events the session may not have been told of; 0 if there is none. */
  long pendingFrom;

  Interest(HubSlot slot, RangeWatchers watchers) {
    this.slot = slot;
    this.watchers = watchers;
  }
}
