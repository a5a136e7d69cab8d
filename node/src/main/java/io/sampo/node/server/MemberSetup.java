package io.sampo.node.server;

import io.sampo.node.auth.TokenProvider;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.dispatch.SpawnInterceptor;
import io.sampo.node.peer.PeerSetup;
import io.sampo.node.raft.PeerTransport;
import io.sampo.node.raft.RaftSettings;
import io.sampo.node.raft.core.RaftRules;
import io.sampo.node.request.ProposalTracer;
import io.sampo.persistence.datadir.Identity;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.raftpb.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a member is given: its flags, clocks, disk and network. Production gives real ones, the
 * simulator its own.
 *
 * @param firstEntries what a new cluster's log begins with; empty for a member that has data or
 *     joins
 * @param tokens of users; none is known yet
 * @param network made once the state is there that says who is a member
 */
public record MemberSetup(
    NodeConfig config,
    SystemSources sources,
    Identity identity,
    List<Entry> firstEntries,
    Disk disk,
    TokenProvider tokens,
    Function<RestoredState, Network> network,
    Instruments instruments) {

  /**
   * Where a member keeps what it promises.
   *
   * @param received where snapshots of leaders are on their way; exists
   */
  public record Disk(LogSettings log, SnapshotStore snapshots, Path received) {}

  /**
   * How a member reaches the others.
   *
   * @param peers empty for one whose transport is not etcd's
   */
  public record Network(PeerTransport transport, Optional<PeerSetup> peers) {
    /** Over HTTP, as etcd's members do. */
    public static Network of(PeerSetup peers) {
      return new Network(peers.network(), Optional.of(peers));
    }
  }

  /**
   * What tests change, and what watches a member at work.
   *
   * @param rules Raft's own
   * @param raft the last word about Raft's settings
   * @param proposals null where nothing is traced
   */
  public record Instruments(
      RaftRules rules,
      SpawnInterceptor interceptor,
      UnaryOperator<RaftSettings> raft,
      ProposalTracer proposals) {
    /** Changes nothing. */
    public static final Instruments NONE =
        new Instruments(RaftRules.STANDARD, SpawnInterceptor.NONE, UnaryOperator.identity());

    /** Nothing is traced. */
    public Instruments(
        RaftRules rules, SpawnInterceptor interceptor, UnaryOperator<RaftSettings> raft) {
      this(rules, interceptor, raft, null);
    }

    Instruments tracing(ProposalTracer tracer) {
      return new Instruments(rules, interceptor, raft, tracer);
    }
  }
}
