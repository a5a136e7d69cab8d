package io.sampo.node.maintenance;

import io.grpc.Status;
import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.edge.Answers;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.TransferReply;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves leadership to another member, for an operator or before this member stops. */
public final class LeaderTransfer {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderTransfer.class);

  /** etcd has no status for it. */
  private static final EtcdException TIMEOUT =
      new EtcdException(
          Status.Code.UNKNOWN, "etcdserver: request timed out, leader transfer took too long");

  private final Consumer<RaftCommand> raft;
  private final Supplier<ClusterState> cluster;
  private final Supplier<RaftStatus> status;
  private final LongSupplier nanoTime;
  private final Answers answers;

  public LeaderTransfer(
      Consumer<RaftCommand> raft,
      Supplier<ClusterState> cluster,
      Supplier<RaftStatus> status,
      LongSupplier nanoTime,
      Answers answers) {
    this.raft = raft;
    this.cluster = cluster;
    this.status = status;
    this.nanoTime = nanoTime;
    this.answers = answers;
  }

  /**
   * Completes when the member leads. Fails with {@link EtcdError#NOT_LEADER} where this member does
   * not lead, with {@link EtcdError#BAD_LEADER_TRANSFEREE} if the other does not vote, and, as soon
   * as Raft has given up, with etcd's words for a transfer that took too long.
   */
  public CompletableFuture<Void> moveTo(long member) {
    if (!status.get().isLeader()) {
      return CompletableFuture.failedFuture(EtcdError.NOT_LEADER.exception());
    }
    ClusterMember known = cluster.get().member(member);
    if (known == null || known.learner()) {
      return CompletableFuture.failedFuture(EtcdError.BAD_LEADER_TRANSFEREE.exception());
    }
    return transfer(hex(member), replyTo -> new RaftCommand.TransferLeadership(member, replyTo));
  }

  /**
   * Completes when another member leads, or there is nothing to hand over: this member does not
   * lead, or is the only voter. Fails as {@link #moveTo}, and with {@link
   * EtcdError#UNHEALTHY_CLUSTER} if no voter is connected.
   *
   * @param connected the members that are connected, those for longest first
   */
  public CompletableFuture<Void> handOver(List<Long> connected) {
    RaftStatus now = status.get();
    ClusterState members = cluster.get();
    boolean alone = members.memberList().stream().filter(each -> !each.learner()).count() < 2;
    if (!now.isLeader() || alone) {
      LOG.atInfo()
          .addKeyValue("local-member-id", hex(now.memberId()))
          .addKeyValue("current-leader-member-id", hex(now.leaderId()))
          .log(
              now.isLeader()
                  ? "skipped leadership transfer for single voting member cluster"
                  : "skipped leadership transfer; local server is not leader");
      return CompletableFuture.completedFuture(null);
    }
    List<Long> voters =
        connected.stream()
            .filter(id -> members.member(id) != null && !members.member(id).learner())
            .toList();
    return voters.isEmpty()
        ? CompletableFuture.failedFuture(EtcdError.UNHEALTHY_CLUSTER.exception())
        : transfer(
            voters.stream().map(LeaderTransfer::hex).collect(Collectors.joining(",")),
            replyTo -> new RaftCommand.HandOver(voters, replyTo));
  }

  private CompletableFuture<Void> transfer(
      String transferees, Function<ReplyTo<TransferReply>, RaftCommand> command) {
    long begin = nanoTime.getAsLong();
    String old = hex(status.get().memberId());
    LOG.atInfo()
        .addKeyValue("local-member-id", old)
        .addKeyValue("current-leader-member-id", old)
        .addKeyValue("transferee-member-id", transferees)
        .log("leadership transfer starting");
    return answers
        .<TransferReply>ask(replyTo -> raft.accept(command.apply(replyTo)))
        .thenCompose(reply -> ended(reply, old, begin));
  }

  private CompletableFuture<Void> ended(TransferReply reply, String old, long begin) {
    return switch (reply.outcome()) {
      case DONE -> {
        LOG.atInfo()
            .addKeyValue("local-member-id", old)
            .addKeyValue("old-leader-member-id", old)
            .addKeyValue("new-leader-member-id", hex(reply.to()))
            .addKeyValue("took", Duration.ofNanos(nanoTime.getAsLong() - begin))
            .log("leadership transfer finished");
        yield CompletableFuture.completedFuture(null);
      }
      case NOT_LEADER -> CompletableFuture.failedFuture(EtcdError.NOT_LEADER.exception());
      case BAD_TRANSFEREE ->
          CompletableFuture.failedFuture(EtcdError.BAD_LEADER_TRANSFEREE.exception());
      case FAILED -> CompletableFuture.failedFuture(TIMEOUT);
    };
  }

  private static String hex(long id) {
    return Long.toHexString(id);
  }
}
