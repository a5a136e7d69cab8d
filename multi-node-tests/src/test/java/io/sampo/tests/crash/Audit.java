package io.sampo.tests.crash;

import static io.sampo.tests.grpc.Etcd.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.LeaseStatus;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.tests.grpc.Etcd;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares a restarted server with what its writers were promised. */
final class Audit {

  /** Older versions read back per key; the others are covered in other rounds. */
  private static final int OLD_VERSIONS = 3;

  private final Etcd etcd;
  private final long compactedAtMost;

  private Audit(Etcd etcd, long compactedAtMost) {
    this.etcd = etcd;
    this.compactedAtMost = compactedAtMost;
  }

  /** Checks everything, and settles what was unknown. */
  static void check(Etcd etcd, List<Writer> writers) {
    long highest = highestRevision(writers);
    // A compaction that was cut off may have happened: it went no further than this.
    Audit audit = new Audit(etcd, highest - 1);
    writers.forEach(audit::settle);
    audit.revisionsNeverGoBack(highest);
    writers.forEach(audit::keysAreThere);
    audit.leasesAreThere(writers);
    audit.compactionHolds(writers.get(0).ledger().compacted());
  }

  private static long highestRevision(List<Writer> writers) {
    return writers.stream().mapToLong(writer -> writer.ledger().highestRevision()).max().orElse(0);
  }

  private void revisionsNeverGoBack(long promised) {
    long revision = range("any", 0).getHeader().getRevision();
    assertTrue(revision >= promised, () -> "revision " + revision + " after " + promised);
  }

  /** An operation cut off by the crash happened wholly or not at all. */
  private void settle(Writer writer) {
    Ledger ledger = writer.ledger();
    ledger.forgetUnknownLease();
    Map<String, Version> unknown = ledger.unknown();
    if (unknown.isEmpty()) {
      return;
    }
    Map<String, Version> now = new HashMap<>();
    unknown.keySet().forEach(key -> now.put(key, read(key)));
    boolean happened =
        unknown.entrySet().stream()
            .allMatch(entry -> entry.getValue().sameContent(now.get(entry.getKey())));
    boolean not = now.entrySet().stream().allMatch(entry -> unchanged(ledger, entry));
    assertTrue(
        happened || not, () -> "neither done nor undone: " + unknown + " but there is " + now);
    ledger.settle(
        happened && !not
            ? now.values().stream().mapToLong(this::revisionOf).max().orElseThrow()
            : 0);
  }

  private static boolean unchanged(Ledger ledger, Map.Entry<String, Version> now) {
    Version acknowledged = ledger.latest(now.getKey());
    return acknowledged.sameContent(now.getValue())
        && (acknowledged.value() == null || acknowledged.revision() == now.getValue().revision());
  }

  /** A deletion leaves no revision to read; the store's own is no earlier than it. */
  private long revisionOf(Version version) {
    return version.value() == null ? range("any", 0).getHeader().getRevision() : version.revision();
  }

  private void keysAreThere(Writer writer) {
    for (int i = 0; i < Writer.KEYS; i++) {
      String key = writer.key(i);
      Version promised = writer.ledger().latest(key);
      Version now = read(key);
      assertEquals(promised.value(), now.value(), () -> key + " promised: " + promised);
      if (promised.value() != null) {
        assertEquals(promised.revision(), now.revision(), () -> "revision of " + key);
      }
      oldVersionsAreThere(writer.ledger(), key);
    }
  }

  private void oldVersionsAreThere(Ledger ledger, String key) {
    List<Version> history = ledger.history(key);
    for (int back = 1; back <= Math.min(OLD_VERSIONS, history.size()); back++) {
      Version old = history.get(history.size() - back);
      if (old.revision() == 0) {
        continue;
      }
      try {
        Version then = version(range(key, old.revision()));
        assertEquals(old.value(), then.value(), () -> key + " at " + old.revision());
      } catch (StatusRuntimeException e) {
        assertEquals(Status.Code.OUT_OF_RANGE, e.getStatus().getCode());
        assertTrue(old.revision() <= compactedAtMost, () -> "compacted too far: " + old);
      }
    }
  }

  private void leasesAreThere(List<Writer> writers) {
    Set<Long> now =
        etcd.leases().getLeasesList().stream().map(LeaseStatus::getID).collect(Collectors.toSet());
    for (Writer writer : writers) {
      assertTrue(
          now.containsAll(writer.ledger().leases()),
          () -> "leases " + writer.ledger().leases() + " but there is " + now);
      assertTrue(
          writer.ledger().revokedLeases().stream().noneMatch(now::contains),
          () -> "revoked " + writer.ledger().revokedLeases() + " but there is " + now);
    }
  }

  private void compactionHolds(long revision) {
    if (revision > 1) {
      StatusRuntimeException error =
          assertThrows(StatusRuntimeException.class, () -> range("any", revision - 1));
      assertEquals(Status.Code.OUT_OF_RANGE, error.getStatus().getCode());
    }
  }

  private Version read(String key) {
    return version(range(key, 0));
  }

  private RangeResponse range(String key, long revision) {
    return etcd.range(RangeRequest.newBuilder().setKey(bytes(key)).setRevision(revision));
  }

  private static Version version(RangeResponse answer) {
    return answer.getKvsCount() == 0
        ? Version.ABSENT
        : new Version(
            answer.getKvs(0).getValue().toStringUtf8(), answer.getKvs(0).getModRevision());
  }
}
