package io.sampo.node.corruption;

import io.sampo.node.state.mvcc.KeyHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the hashes say that every member keeps of its last compactions (etcd 3.7.1,
 * CompactHashCheck). Members compact at the same revision, so that these can be compared whatever
 * has been written since.
 */
final class CompactionRule {
  private static final Logger LOG = LoggerFactory.getLogger(CompactionRule.class);

  /** Means the whole cluster. */
  private static final long NOBODY = 0;

  private final long self;
  private long checkedRevision;

  CompactionRule(long self) {
    this.self = self;
  }

  /** Those behind the last one that all members had alike, newest first. */
  List<KeyHash> unchecked(List<KeyHash> own) {
    return own.stream()
        .filter(hash -> hash.revision() > checkedRevision)
        .sorted(Comparator.comparingLong(KeyHash::revision).reversed())
        .toList();
  }

  /**
   * Compares one of them.
   *
   * @return whose alarm is to be raised (0: it cannot be told whose); empty if not all could be
   *     compared, so that an older one should be tried
   */
  Optional<List<Long>> judge(KeyHash own, List<PeerHashes.Answer> answers) {
    Map<Integer, List<Long>> members = new LinkedHashMap<>();
    members.put(own.hash(), new ArrayList<>(List.of(self)));
    int checked = 0;
    for (PeerHashes.Answer answer : answers) {
      Optional<String> obstacle = obstacle(own, answer);
      if (obstacle.isPresent()) {
        LOG.atWarn()
            .addKeyValue("number-of-peers", answers.size())
            .addKeyValue("leader-id", Long.toHexString(self))
            .addKeyValue("peer-id", Long.toHexString(answer.member()))
            .addKeyValue("reason", obstacle.get())
            .log("Skipped peer's hash");
        continue;
      }
      checked++;
      members
          .computeIfAbsent(answer.hash().orElseThrow().hash(), hash -> new ArrayList<>())
          .add(answer.member());
    }
    if (members.size() == 1) {
      return alike(own, checked, answers.size());
    }
    return Optional.of(differing(own, members, answers.size() + 1));
  }

  private static Optional<String> obstacle(KeyHash own, PeerHashes.Answer answer) {
    if (answer.hash().isEmpty()) {
      return Optional.of("no response");
    }
    long theirs = answer.hash().get().compactRevision();
    return theirs == own.compactRevision()
        ? Optional.empty()
        : Optional.of(
            "the peer's CompactRevision %d doesn't match leader's CompactRevision %d"
                .formatted(theirs, own.compactRevision()));
  }

  private Optional<List<Long>> alike(KeyHash own, int checked, int peers) {
    if (checked < peers) {
      LOG.atWarn()
          .addKeyValue("number-of-peers-checked", checked)
          .addKeyValue("number-of-peers", peers)
          .addKeyValue("revision", own.revision())
          .addKeyValue("compactRevision", own.compactRevision())
          .log("skipped revision in compaction hash check; was not able to check all peers");
      return Optional.empty();
    }
    LOG.atInfo()
        .addKeyValue("number-of-peers-checked", checked)
        .addKeyValue("revision", own.revision())
        .addKeyValue("compactRevision", own.compactRevision())
        .log("successfully checked hash on whole cluster");
    checkedRevision = Math.max(checkedRevision, own.revision());
    return Optional.of(List.of());
  }

  /** What a majority has is right. */
  private List<Long> differing(KeyHash own, Map<Integer, List<Long>> members, int size) {
    boolean majority = members.values().removeIf(alike -> alike.size() >= size / 2 + 1);
    if (!majority) {
      error(own)
          .log(
              "Detected compaction hash mismatch but cannot identify the corrupted members, so"
                  + " intentionally set the memberID as 0");
    }
    members.forEach(
        (hash, alike) ->
            error(own)
                .addKeyValue("peer-hash", Integer.toUnsignedLong(hash))
                .addKeyValue(
                    "peer-ids",
                    alike.stream().map(Long::toHexString).collect(Collectors.joining(", ")))
                .addKeyValue("quorum-exist", majority)
                .log("Detected compaction hash mismatch"));
    return majority ? members.values().stream().flatMap(List::stream).toList() : List.of(NOBODY);
  }

  private LoggingEventBuilder error(KeyHash own) {
    return LOG.atError()
        .addKeyValue("leader-id", Long.toHexString(self))
        .addKeyValue("leader-revision", own.revision())
        .addKeyValue("leader-compact-revision", own.compactRevision())
        .addKeyValue("leader-hash", Integer.toUnsignedLong(own.hash()));
  }
}
