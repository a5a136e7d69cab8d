package io.sampo.node.corruption;

import io.sampo.node.state.mvcc.KeyHash;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a comparison of all keys says (etcd 3.7.1, PeriodicCheck). */
final class CurrentKeysRule {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentKeysRule.class);

  private CurrentKeysRule() {}

  /**
   * @param self the leader
   * @param before what it had when it asked
   * @param after what it had when all had answered and a read barrier had passed
   * @param revision its newest one by then
   * @return the first member found to differ
   */
  static OptionalLong corrupt(
      long self, KeyHash before, KeyHash after, long revision, List<PeerHashes.Answer> answers) {
    OptionalLong found = OptionalLong.empty();
    boolean sameKeys =
        before.revision() == after.revision()
            && before.compactRevision() == after.compactRevision();
    if (sameKeys && before.hash() != after.hash()) {
      LOG.atWarn()
          .addKeyValue("revision-1", before.revision())
          .addKeyValue("compact-revision-1", before.compactRevision())
          .addKeyValue("hash-1", Integer.toUnsignedLong(before.hash()))
          .addKeyValue("revision-2", after.revision())
          .addKeyValue("compact-revision-2", after.compactRevision())
          .addKeyValue("hash-2", Integer.toUnsignedLong(after.hash()))
          .log("found hash mismatch");
      found = OptionalLong.of(self);
    }
    int checked = 0;
    for (PeerHashes.Answer answer : answers) {
      if (answer.hash().isEmpty()) {
        continue;
      }
      checked++;
      if (differs(answer.member(), answer.hash().get(), before, after, revision)
          && found.isEmpty()) {
        found = OptionalLong.of(answer.member());
      }
    }
    LOG.atInfo()
        .addKeyValue("number-of-peers-checked", checked)
        .log("finished peer corruption check");
    return found;
  }

  private static boolean differs(
      long member, PeerHash theirs, KeyHash before, KeyHash after, long revision) {
    boolean differs = false;
    if (theirs.revision() > revision) {
      LOG.atWarn()
          .addKeyValue("leader-revision", revision)
          .addKeyValue("follower-revision", theirs.revision())
          .addKeyValue("follower-peer-id", Long.toHexString(member))
          .log("revision from follower must be less than or equal to leader's");
      differs = true;
    }
    if (theirs.compactRevision() > after.compactRevision()) {
      LOG.atWarn()
          .addKeyValue("leader-compact-revision", after.compactRevision())
          .addKeyValue("follower-compact-revision", theirs.compactRevision())
          .addKeyValue("follower-peer-id", Long.toHexString(member))
          .log("compact revision from follower must be less than or equal to leader's");
      differs = true;
    }
    if (theirs.compactRevision() == before.compactRevision() && theirs.hash() != before.hash()) {
      LOG.atWarn()
          .addKeyValue("leader-compact-revision", after.compactRevision())
          .addKeyValue("leader-hash", Integer.toUnsignedLong(before.hash()))
          .addKeyValue("follower-compact-revision", theirs.compactRevision())
          .addKeyValue("follower-hash", Integer.toUnsignedLong(theirs.hash()))
          .addKeyValue("follower-peer-id", Long.toHexString(member))
          .log("same compact revision then hashes must match");
      differs = true;
    }
    return differs;
  }
}
