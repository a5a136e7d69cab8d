package io.sampo.node.peer;

import io.sampo.node.state.NodeState;
import io.sampo.persistence.snapshot.BboltLayout;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * What a leader sends to a member whose log ends before its own begins: the newest state, written
 * while it is sent. Nothing is kept but the immutable state itself.
 */
public final class StateSnapshots implements SnapshotSource {
  private static final String BLOCKING = "pekko.actor.default-blocking-io-dispatcher";

  private final Supplier<NodeState> state;
  private final Executor blocking;

  /**
   * @param blocking where a state is laid out, which takes seconds for millions of keys
   */
  public StateSnapshots(Supplier<NodeState> state, Executor blocking) {
    this.state = state;
    this.blocking = blocking;
  }

  @Override
  public CompletionStage<Content> open(Message message) {
    return CompletableFuture.supplyAsync(() -> layOut(message, state.get()), blocking);
  }

  private static Content layOut(Message message, NodeState now) {
    BboltLayout layout = BboltLayout.plan(now.image());
    SnapshotMetadata.Builder metadata =
        SnapshotMetadata.newBuilder()
            .setIndex(now.appliedIndex())
            .setTerm(now.appliedTerm())
            .setConfState(now.cluster().confState());
    return new Content(
        StateDigest.sign(
            message.toBuilder().setSnapshot(Snapshot.newBuilder().setMetadata(metadata)).build(),
            layout.writer()),
        layout.totalBytes(),
        Source.fromIterator(layout::writer)
            .map(ByteString::fromArrayUnsafe)
            .withAttributes(ActorAttributes.dispatcher(BLOCKING)));
  }
}
