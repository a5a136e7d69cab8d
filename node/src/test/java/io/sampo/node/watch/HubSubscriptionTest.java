package io.sampo.node.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.sampo.node.state.ApplyEvent;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class HubSubscriptionTest {
  private final StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  private final PublishedState state = new PublishedState(machine.state());
  private final TestInbox<EventHub.Command> hub = TestInbox.create();
  private final HubSubscription subscription = new HubSubscription(hub.getRef(), state);

  @Test
  void aCompactionIsToldBehindTheEventsOfItsApply() {
    apply(put("a"));
    apply(put("b"));
    hub.getAllReceived();
    apply(put("c"), compact(3));
    assertEquals(List.of("Publish", "COMPACTED"), told());
    apply(compact(3), put("d"));
    assertEquals(List.of("Publish"), told(), "that one was refused");
  }

  /** What the applier does with entries that come together. */
  private void apply(InternalRaftRequest.Builder... requests) {
    List<RevisionBatch> batches = new ArrayList<>();
    for (InternalRaftRequest.Builder request : requests) {
      ApplyResult result = machine.apply(request.build(), machine.appliedIndex() + 1, 1, false);
      result.batch().ifPresent(batches::add);
    }
    state.set(machine.state());
    subscription.accept(new ApplyEvent.Applied(batches, List.of(), 0, machine.appliedIndex()));
  }

  private List<String> told() {
    return hub.getAllReceived().stream()
        .map(
            command ->
                command instanceof EventHub.Signal signal
                    ? signal.name()
                    : command.getClass().getSimpleName())
        .toList();
  }

  private static InternalRaftRequest.Builder put(String key) {
    return InternalRaftRequest.newBuilder()
        .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)));
  }

  private static InternalRaftRequest.Builder compact(long revision) {
    return InternalRaftRequest.newBuilder()
        .setCompaction(CompactionRequest.newBuilder().setRevision(revision));
  }
}
