package io.sampo.node.member;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.RequestIds;
import io.sampo.node.state.MembershipResult;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changes of the members through the log (etcd 3.7.1, server.go). Each is checked before it
 * is proposed, and again by every member that applies it. All answers are the members afterwards,
 * or fail with etcd's error. For any thread.
 */
public final class MemberChanges {
  private static final Logger LOG = LoggerFactory.getLogger(MemberChanges.class);

  /**
   * What stands around the changes.
   *
   * @param cluster as this member has applied it
   * @param caughtUp completes when everything committed before the call is applied here
   * @param strict empty without {@code --strict-reconfig-check}
   */
  public record Environment(
      long memberId,
      ActorRef<RaftCommand> raft,
      RequestIds ids,
      PendingRequests<MembershipResult> pending,
      Supplier<ClusterState> cluster,
      Supplier<CompletableFuture<Void>> caughtUp,
      Optional<StrictReconfiguration> strict,
      LeaderPromotion leader,
      PromotionListener promotions) {}

  private final Environment environment;

  public MemberChanges(Environment environment) {
    this.environment = environment;
  }

  /** Adds a voter or a learner that has not started yet. */
  public CompletableFuture<List<ClusterMember>> add(ClusterMember member) {
    Optional<EtcdError> refusal =
        environment
            .strict()
            .flatMap(strict -> strict.refusalToAdd(environment.cluster().get(), member.learner()));
    if (refusal.isPresent()) {
      return refused("rejecting member add request", member.id(), refusal.get());
    }
    ConfChangeType type =
        member.learner()
            ? ConfChangeType.ConfChangeAddLearnerNode
            : ConfChangeType.ConfChangeAddNode;
    return propose(type, member.id(), MemberJson.encode(member));
  }

  /** Removes a member for good. */
  public CompletableFuture<List<ClusterMember>> remove(long id) {
    Optional<EtcdError> refusal =
        environment
            .strict()
            .flatMap(strict -> strict.refusalToRemove(environment.cluster().get(), id));
    return refusal.isPresent()
        ? refused("rejecting member remove request", id, refusal.get())
        : propose(ConfChangeType.ConfChangeRemoveNode, id, new byte[0]);
  }

  /** Gives a member other peer URLs. */
  public CompletableFuture<List<ClusterMember>> update(long id, List<String> peerUrls) {
    ClusterMember update = new ClusterMember(id, peerUrls, false, "", List.of());
    return propose(ConfChangeType.ConfChangeUpdateNode, id, MemberJson.encode(update));
  }

  /**
   * Makes a learner a voter, here or through the leader.
   *
   * @param token of the user who asked, if there was one
   */
  public CompletableFuture<List<ClusterMember>> promote(long id, Optional<String> token) {
    return matches()
        .thenCompose(
            matches ->
                matches.isEmpty()
                    ? environment.leader().promote(id, token)
                    : counted(promoteHere(id)));
  }

  /** Empty if this member does not lead. */
  private CompletableFuture<Map<Long, Long>> matches() {
    CompletableFuture<Map<Long, Long>> matches = new CompletableFuture<>();
    environment.raft().tell(new RaftCommand.AskMatches(matches));
    return matches;
  }

  private CompletableFuture<List<ClusterMember>> promoteHere(long id) {
    // The addition may be committed and not be in effect yet.
    return environment
        .caughtUp()
        .get()
        .thenCompose(done -> matches())
        .thenCompose(
            matches -> {
              if (matches.isEmpty()) {
                return CompletableFuture.failedFuture(EtcdError.LEADER_CHANGED.exception());
              }
              Optional<EtcdError> refusal =
                  LearnerReadiness.refusal(environment.memberId(), matches, id)
                      .or(
                          () ->
                              environment
                                  .strict()
                                  .flatMap(
                                      strict ->
                                          strict.refusalToPromote(environment.cluster().get())));
              return refusal.isPresent()
                  ? refused("rejecting member promote request", id, refusal.get())
                  : propose(ConfChangeType.ConfChangeAddNode, id, MemberJson.encodePromotion(id));
            });
  }

  private CompletableFuture<List<ClusterMember>> counted(
      CompletableFuture<List<ClusterMember>> promotion) {
    return promotion.whenComplete(
        (members, failure) -> {
          if (failure == null) {
            environment.promotions().promoted();
          } else {
            environment.promotions().refused(reason(failure));
          }
        });
  }

  /** etcd's label: the text inside the server, which differs from what clients see. */
  private static String reason(Throwable failure) {
    if (EtcdError.MEMBER_NOT_FOUND.is(failure)) {
      return "membership: ID not found";
    }
    return EtcdError.MEMBER_NOT_LEARNER.is(failure)
        ? "membership: can only promote a learner member"
        : String.valueOf(EtcdException.causeOf(failure).getMessage());
  }

  private CompletableFuture<List<ClusterMember>> propose(
      ConfChangeType type, long memberId, byte[] context) {
    long id = environment.ids().next();
    ConfChange.Builder change = ConfChange.newBuilder().setId(id).setType(type).setNodeId(memberId);
    if (context.length > 0) {
      change.setContext(ByteString.copyFrom(context));
    }
    CompletableFuture<MembershipResult> result = environment.pending().register(id);
    environment.raft().tell(new RaftCommand.ProposeConfChange(change.build()));
    return result.thenApply(
        applied -> {
          LOG.atInfo()
              .addKeyValue("local-member-id", Long.toHexString(environment.memberId()))
              .addKeyValue("raft-conf-change", type)
              .addKeyValue("raft-conf-change-node-id", Long.toHexString(memberId))
              .log("applied a configuration change through raft");
          if (applied.error() != null) {
            throw applied.error();
          }
          return applied.cluster().memberList();
        });
  }

  private <T> CompletableFuture<T> refused(String what, long memberId, EtcdError why) {
    EtcdException error = why.exception();
    LOG.atWarn()
        .addKeyValue("local-member-id", Long.toHexString(environment.memberId()))
        .addKeyValue("requested-member-id", Long.toHexString(memberId))
        .addKeyValue("error", error.getMessage())
        .log(what);
    return CompletableFuture.failedFuture(error);
  }
}
