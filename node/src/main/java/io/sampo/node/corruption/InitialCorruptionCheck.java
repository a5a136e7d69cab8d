package io.sampo.node.corruption;

import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.node.state.mvcc.KeyHash;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Before a member with data serves, it compares its keys with those of its peers at the revision it
 * has (feature gate {@code InitialCorruptCheck}; etcd 3.7.1, etcdserver/corrupt.go). A peer that
 * cannot be asked, is behind, or has compacted further says nothing about the data.
 */
public final class InitialCorruptionCheck {
  private static final Logger LOG = LoggerFactory.getLogger(InitialCorruptionCheck.class);

  private final long memberId;
  private final Duration timeout;
  private final PeerHashClient questions;

  /**
   * @param timeout how long a peer may take, for the log
   */
  public InitialCorruptionCheck(long memberId, Duration timeout, PeerHashClient questions) {
    this.memberId = memberId;
    this.timeout = timeout;
    this.questions = questions;
  }

  /** The data of this member is not what a peer has. */
  public static final class DataInconsistencyException extends Exception {
    private static final long serialVersionUID = 1;

    private DataInconsistencyException(String message) {
      super(message);
    }
  }

  /**
   * Asks all members but this one, at the same time.
   *
   * @throws DataInconsistencyException if one of them has other keys at the same revision
   */
  public void run(KeyHash own) throws DataInconsistencyException, InterruptedException {
    LOG.atInfo()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .addKeyValue("timeout", timeout.toSeconds() + "s")
        .log("starting initial corruption check");
    List<ClusterMember> peers = questions.peers();
    List<CompletableFuture<PeerHash>> hashes =
        peers.stream().map(peer -> questions.ask(peer, own.revision())).toList();
    boolean equal = true;
    for (int i = 0; i < peers.size(); i++) {
      equal &= isEqual(own, peers.get(i), hashes.get(i));
    }
    if (!equal) {
      throw new DataInconsistencyException(
          MemberIds.format(memberId) + " found data inconsistency with peers");
    }
    LOG.atInfo()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .log("initial corruption checking passed; no corruption");
  }

  private boolean isEqual(KeyHash own, ClusterMember peer, CompletableFuture<PeerHash> hash)
      throws InterruptedException {
    try {
      return isEqual(own, peer, hash.get());
    } catch (ExecutionException e) {
      String reason = String.valueOf(e.getCause().getMessage());
      about(own, peer).addKeyValue("error", reason).log(refusal(reason));
      return true;
    }
  }

  private static String refusal(String text) {
    if (text.contains("mvcc: required revision is a future revision")) {
      return "cannot fetch hash from slow remote peer";
    }
    if (text.contains("mvcc: required revision has been compacted")) {
      return "cannot fetch hash from remote peer; local member is behind";
    }
    return text.contains("cluster ID mismatch") ? "cluster ID mismatch" : "failed hash kv request";
  }

  private boolean isEqual(KeyHash own, ClusterMember peer, PeerHash theirs) {
    if (own.hash() == theirs.hash()) {
      return true;
    }
    boolean comparable = own.compactRevision() == theirs.compactRevision();
    about(own, peer)
        .addKeyValue("remote-peer-revision", theirs.revision())
        .addKeyValue("remote-peer-compact-revision", theirs.compactRevision())
        .addKeyValue("remote-peer-hash", Integer.toUnsignedLong(theirs.hash()))
        .log(
            comparable
                ? "found different hash values from remote peer"
                : "found different compact revision values from remote peer");
    return !comparable;
  }

  private LoggingEventBuilder about(KeyHash own, ClusterMember peer) {
    return LOG.atWarn()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .addKeyValue("local-member-revision", own.revision())
        .addKeyValue("local-member-compact-revision", own.compactRevision())
        .addKeyValue("local-member-hash", Integer.toUnsignedLong(own.hash()))
        .addKeyValue("remote-peer-id", MemberIds.format(peer.id()))
        .addKeyValue("remote-peer-endpoints", peer.peerUrls());
  }
}
