package io.sampo.node.server;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.sampo.node.peer.MemberIds;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.mvcc.KeyHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Before a member with data serves, it compares its keys with those of its peers at the revision it
 * has (feature gate {@code InitialCorruptCheck}; etcd 3.7.1, etcdserver/corrupt.go). A peer that
 * cannot be asked, is behind, or has compacted further says nothing about the data.
 */
final class InitialCorruptionCheck {
  private static final Logger LOG = LoggerFactory.getLogger(InitialCorruptionCheck.class);
  private static final String PATH = "/members/hashkv";
  private static final int OK = 200;

  private final long memberId;
  private final long clusterId;
  private final PeerClient client;
  private final Duration timeout;

  InitialCorruptionCheck(long memberId, long clusterId, PeerClient client, Duration timeout) {
    this.memberId = memberId;
    this.clusterId = clusterId;
    this.client = client;
    this.timeout = timeout;
  }

  /** The data of this member is not what a peer has. */
  static final class DataInconsistencyException extends Exception {
    private static final long serialVersionUID = 1;

    private DataInconsistencyException(String message) {
      super(message);
    }
  }

  /** What a peer said of its keys. */
  record PeerHash(long revision, int hash, long compactRevision) {

    /**
     * Reads the answer to a question for the hash.
     *
     * @throws JsonParseException if it is none
     */
    static PeerHash of(byte[] json) {
      try {
        JsonObject answer =
            JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
        JsonObject header = answer.getAsJsonObject("header");
        return new PeerHash(
            header == null ? 0 : number(header, "revision"),
            (int) number(answer, "hash"),
            number(answer, "compact_revision"));
      } catch (IllegalStateException
          | NumberFormatException
          | ClassCastException
          | UnsupportedOperationException e) {
        throw new JsonParseException(e);
      }
    }

    private static long number(JsonObject object, String name) {
      return object.has(name) ? object.get(name).getAsLong() : 0;
    }
  }

  /**
   * Asks all members but this one, at the same time.
   *
   * @throws DataInconsistencyException if one of them has other keys at the same revision
   */
  void run(KeyHash own, List<ClusterMember> members)
      throws DataInconsistencyException, InterruptedException {
    LOG.atInfo()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .addKeyValue("timeout", timeout.toSeconds() + "s")
        .log("starting initial corruption check");
    List<ClusterMember> peers = members.stream().filter(peer -> peer.id() != memberId).toList();
    List<CompletableFuture<PeerClient.Reply>> replies = new ArrayList<>();
    for (ClusterMember peer : peers) {
      replies.add(ask(peer, own.revision()));
    }
    boolean equal = true;
    for (int i = 0; i < peers.size(); i++) {
      equal &= isEqual(own, peers.get(i), replies.get(i));
    }
    if (!equal) {
      throw new DataInconsistencyException(
          MemberIds.format(memberId) + " found data inconsistency with peers");
    }
    LOG.atInfo()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .log("initial corruption checking passed; no corruption");
  }

  /** One URL after another, until one answers. */
  private CompletableFuture<PeerClient.Reply> ask(ClusterMember peer, long revision) {
    String question = "{\"revision\":" + revision + "}";
    CompletableFuture<PeerClient.Reply> reply =
        CompletableFuture.failedFuture(new IllegalStateException("no peer URL"));
    for (String url : peer.peerUrls()) {
      reply =
          reply.exceptionallyCompose(
              failure -> client.getWithJson(url, PATH, clusterId, question).toCompletableFuture());
    }
    return reply.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isEqual(
      KeyHash own, ClusterMember peer, CompletableFuture<PeerClient.Reply> answer)
      throws InterruptedException {
    try {
      PeerClient.Reply reply = answer.get();
      String text = new String(reply.body(), StandardCharsets.UTF_8);
      if (reply.status() != OK) {
        about(own, peer).addKeyValue("error", text.strip()).log(refusal(text));
        return true;
      }
      return isEqual(own, peer, PeerHash.of(reply.body()));
    } catch (ExecutionException | JsonParseException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String error =
          cause instanceof TimeoutException ? "no answer in time" : String.valueOf(cause);
      about(own, peer).addKeyValue("error", error).log("failed hash kv request");
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
