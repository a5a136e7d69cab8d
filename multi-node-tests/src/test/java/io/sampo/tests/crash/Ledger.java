package io.sampo.tests.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one writer was promised. Written by its thread, read between crashes when that thread has
 * ended.
 */
final class Ledger {

  private final Map<String, List<Version>> acknowledged = new HashMap<>();
  private final Set<Long> leases = new TreeSet<>();
  private final Set<Long> revokedLeases = new TreeSet<>();
  private Map<String, Version> unknown = Map.of();
  private long unknownLease;
  private long highestRevision;
  private long compacted;
  private int operations;

  /** Before a request is sent: what its keys would hold. */
  void begin(Map<String, Version> wouldHold) {
    unknown = Map.copyOf(wouldHold);
  }

  /** Before the fate of a lease is asked for. */
  void beginLease(long id) {
    unknownLease = id;
  }

  /** The request that was begun is acknowledged at that revision. */
  void acknowledge(long revision) {
    unknown.forEach((key, version) -> versionsOf(key).add(new Version(version.value(), revision)));
    sawRevision(revision);
    unknown = Map.of();
    operations++;
  }

  /** A request that wrote nothing was answered at that revision. */
  void sawRevision(long revision) {
    highestRevision = Math.max(highestRevision, revision);
  }

  void acknowledgeGrant() {
    leases.add(unknownLease);
    unknownLease = 0;
    operations++;
  }

  void acknowledgeRevoke() {
    leases.remove(unknownLease);
    revokedLeases.add(unknownLease);
    unknownLease = 0;
    operations++;
  }

  void acknowledgeCompaction(long revision) {
    compacted = Math.max(compacted, revision);
    operations++;
  }

  /** The unknown operation turned out to have happened (at that revision) or not (0). */
  void settle(long revision) {
    if (revision > 0) {
      acknowledge(revision);
    }
    unknown = Map.of();
  }

  /** Nobody can know whether that lease is there. */
  void forgetUnknownLease() {
    leases.remove(unknownLease);
    unknownLease = 0;
  }

  private List<Version> versionsOf(String key) {
    return acknowledged.computeIfAbsent(key, any -> new ArrayList<>());
  }

  Version latest(String key) {
    List<Version> versions = acknowledged.getOrDefault(key, List.of());
    return versions.isEmpty() ? Version.ABSENT : versions.get(versions.size() - 1);
  }

  /** All acknowledged versions of a key, oldest first. */
  List<Version> history(String key) {
    return acknowledged.getOrDefault(key, List.of());
  }

  Map<String, Version> unknown() {
    return unknown;
  }

  Set<Long> leases() {
    return leases;
  }

  Set<Long> revokedLeases() {
    return revokedLeases;
  }

  long highestRevision() {
    return highestRevision;
  }

  long compacted() {
    return compacted;
  }

  int operations() {
    return operations;
  }
}
