package io.sampo.tests.sim.mutant;

import static io.sampo.tests.sim.mutant.Mutations.inActor;

import io.sampo.node.state.PublishedState;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.node.watch.EventHub;
import io.sampo.node.watch.WatchSession;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Bugs of watches. */
final class WatchMutants {
  static final List<Mutant> ALL =
      List.of(
          new Mutant(
              "lost-event",
              "the events of a batch are lost after a compaction",
              () -> inActor("event-hub", WatchMutants::loseAfterCompaction)),
          new Mutant(
              "late-resume",
              "a watch that begins at a revision begins one behind it",
              () -> inActor("watch", WatchMutants::resumeOneOff)),
          new Mutant(
              "repeated-event",
              "a batch of events is published twice",
              () ->
                  inActor(
                      "event-hub",
                      (member, message, next) -> {
                        next.accept(message);
                        if (message instanceof EventHub.Publish
                            && member.state().keys().revision() % 16 == 0) {
                          next.accept(message);
                        }
                      })),
          new Mutant(
              "split-revision",
              "the events of one revision are published in two parts",
              () -> inActor("event-hub", WatchMutants::split)));

  private WatchMutants() {}

  private static void loseAfterCompaction(SimMember member, Object message, Consumer<Object> next) {
    PublishedState state = member.restored().state();
    if (message instanceof EventHub.Publish publish
        && state.keys().compactRevision() > 0
        && state.keys().compactRevision() + 12 > state.keys().revision()
        && publish.batches().size() == 1) {
      List<RevisionBatch> nothing = new ArrayList<>();
      for (RevisionBatch batch : publish.batches()) {
        nothing.add(new RevisionBatch(batch.revision(), List.of()));
      }
      next.accept(new EventHub.Publish(nothing));
    } else {
      next.accept(message);
    }
  }

  private static void resumeOneOff(SimMember member, Object message, Consumer<Object> next) {
    if (!(message instanceof WatchSession.Requests requests)) {
      next.accept(message);
      return;
    }
    List<WatchRequest> wrong = new ArrayList<>();
    for (WatchRequest request : requests.requests()) {
      WatchRequest.Builder builder = request.toBuilder();
      if (request.getCreateRequest().getStartRevision() > 1) {
        long from = request.getCreateRequest().getStartRevision();
        builder.getCreateRequestBuilder().setStartRevision(from + 1);
      }
      wrong.add(builder.build());
    }
    next.accept(new WatchSession.Requests(wrong));
  }

  private static void split(SimMember member, Object message, Consumer<Object> next) {
    if (message instanceof EventHub.Publish publish
        && publish.batches().get(publish.batches().size() - 1).versions().size() > 1) {
      RevisionBatch last = publish.batches().get(publish.batches().size() - 1);
      List<RevisionBatch> first =
          new ArrayList<>(publish.batches().subList(0, publish.batches().size() - 1));
      first.add(new RevisionBatch(last.revision(), last.versions().subList(0, 1)));
      next.accept(new EventHub.Publish(first));
      next.accept(
          new EventHub.Publish(
              List.of(
                  new RevisionBatch(
                      last.revision(), last.versions().subList(1, last.versions().size())))));
    } else {
      next.accept(message);
    }
  }
}
