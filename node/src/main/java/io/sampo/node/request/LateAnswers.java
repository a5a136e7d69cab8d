package io.sampo.node.request;

import io.sampo.node.raft.RaftStatus;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a client is told whose proposal got no answer in time: the likeliest reason, in the words of
 * etcd 3.7.1 (server.go, parseProposeCtxErr).
 */
public final class LateAnswers {

  /** How this member is connected with the others. */
  public interface Connections {
    /** Of a member that is alone, and of a transport that does not know. */
    Connections PERFECT =
        new Connections() {
          @Override
          public boolean withMemberSince(long member, long nanos) {
            return true;
          }

          @Override
          public boolean withQuorumSince(long nanos) {
            return true;
          }
        };

    /** Whether a member has been connected without a break since before that moment. */
    boolean withMemberSince(long member, long nanos);

    /** The same of a majority of all members, this one counted. */
    boolean withQuorumSince(long nanos);
  }

  private final Supplier<RaftStatus> status;
  private final LongSupplier leaderSinceNanos;
  private final long electionNanos;
  private final Connections connections;

  /**
   * @param leaderSinceNanos when the leader known now, or the last one, became known
   * @param electionNanos the election timeout
   */
  public LateAnswers(
      Supplier<RaftStatus> status,
      LongSupplier leaderSinceNanos,
      long electionNanos,
      Connections connections) {
    this.status = status;
    this.leaderSinceNanos = leaderSinceNanos;
    this.electionNanos = electionNanos;
    this.connections = connections;
  }

  /** The error for a request that began at that moment. */
  public EtcdException of(long beginNanos) {
    long elected = leaderSinceNanos.getAsLong();
    boolean beganWithoutLeader =
        beginNanos - (elected - 2 * electionNanos) > 0 && beginNanos - elected < 0;
    if (beganWithoutLeader) {
      return EtcdError.TIMEOUT_DUE_TO_LEADER_FAIL.exception();
    }
    RaftStatus now = status.get();
    boolean connected =
        now.leaderId() == 0
            || (now.leaderId() == now.memberId()
                ? connections.withQuorumSince(beginNanos)
                : connections.withMemberSince(now.leaderId(), beginNanos));
    return connected
        ? EtcdError.TIMEOUT.exception()
        : EtcdError.TIMEOUT_DUE_TO_CONNECTION_LOST.exception();
  }
}
