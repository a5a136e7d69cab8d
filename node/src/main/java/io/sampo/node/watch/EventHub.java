package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.node.watch.range.RangeIndex;
import io.sampo.node.watch.range.WatchedRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Knows which session wants which range and tells it of new events, by demand: a session asks, and
 * is told once, of everything that came since it was told last. What happens between two questions
 * is a mark on the interest and a reference in a bounded ring, so a session that never asks costs
 * no more than that; when the ring has moved on, it is told where to read on in the history.
 */
public final class EventHub extends AbstractBehavior<EventHub.Command> {

  /** What the hub is told. */
  public sealed interface Command {}

  /**
   * What an apply has written, in revision order. The view that holds it has to be readable by the
   * sessions before this is sent.
   */
  public record Publish(List<RevisionBatch> batches) implements Command {}

  /** The store was replaced, up to the revision, by a snapshot; the history tells what changed. */
  public record Restored(long revision) implements Command {}

  /** What is no event. */
  public enum Signal implements Command {
    /** Users or roles have changed: sessions look whether their clients may see what they watch. */
    ACCESS_CHANGED,

    /** The history was cut: who wants reports of progress gets one. */
    COMPACTED
  }

  /**
   * A session's ranges changed.
   *
   * @param from the joined ones want every event from this revision on
   */
  record Change(HubSlot slot, List<Interest> joined, long from, List<Interest> left)
      implements Command {}

  /**
   * A session can take news. It is answered with one {@link WatchSession.Woken}, at once or when
   * there is something.
   *
   * @param progressAtLeast answer, even without events, as soon as the hub has seen this revision;
   *     {@link HubSlot#NO_PROGRESS} if only events matter
   */
  record Await(HubSlot slot, long progressAtLeast) implements Command {}

  private final int ringEvents;
  private final long ringBytes;
  private final RangeIndex<InterestGroup> index = new RangeIndex<>();

  /** One place for each event kept, in the order of keeping. */
  private final Deque<InterestGroup> ring = new ArrayDeque<>();

  private final Deque<Integer> ringSizes = new ArrayDeque<>();
  private long keptBytes;
  private long head;

  private final List<InterestGroup> touched = new ArrayList<>();
  private final List<HubSlot> woken = new ArrayList<>();
  private List<HubSlot> progressWaiting = new ArrayList<>();

  /** Those that watch something. */
  private final Set<HubSlot> slots = new LinkedHashSet<>();

  private EventHub(ActorContext<Command> context, long revision, int ringEvents, long ringBytes) {
    super(context);
    this.head = revision;
    this.ringEvents = ringEvents;
    this.ringBytes = ringBytes;
  }

  /**
   * @param revision the newest revision, of which nothing will be published again
   * @param ringEvents how many events are kept for sessions that are busy, over all ranges
   * @param ringBytes the same in bytes
   */
  public static Behavior<Command> create(long revision, int ringEvents, long ringBytes) {
    return Behaviors.setup(context -> new EventHub(context, revision, ringEvents, ringBytes));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Publish.class, this::onPublish)
        .onMessage(Await.class, this::onAwait)
        .onMessage(Change.class, this::onChange)
        .onMessage(Restored.class, this::onRestored)
        .onMessageEquals(Signal.ACCESS_CHANGED, this::onAccessChanged)
        .onMessageEquals(Signal.COMPACTED, this::onCompacted)
        .build();
  }

  private Behavior<Command> onPublish(Publish publish) {
    for (RevisionBatch batch : publish.batches()) {
      advance(batch.revision());
      for (KeyVersion version : batch.versions()) {
        index.stab(
            version.key(),
            group -> {
              if (group.addNews(version)) {
                touched.add(group);
              }
            });
      }
    }
    touched.forEach(this::distribute);
    touched.clear();
    wake();
    return this;
  }

  private void advance(long revision) {
    if (revision <= head) {
      throw new IllegalStateException("published revision " + revision + " after " + head);
    }
    head = revision;
  }

  private void distribute(InterestGroup group) {
    KeyVersion[] events = group.takeNews();
    for (int place = 0; place < group.count(); place++) {
      Interest interest = group.interest(place);
      HubSlot slot = interest.slot;
      if (slot.waiting) {
        if (slot.matches == null) {
          slot.matches = new ArrayList<>(1);
          woken.add(slot);
        }
        slot.matches.add(new Match(interest.watchers, events, 0));
      } else if (interest.pendingFrom == 0) {
        group.lacks(interest, events[0].modRevision());
        slot.pending.add(interest);
      }
    }
    if (group.someoneLacks()) {
      keep(group, events);
    }
  }

  private void keep(InterestGroup group, KeyVersion[] events) {
    for (KeyVersion event : events) {
      group.keep(event);
      ring.add(group);
      int size = event.encoded().length;
      ringSizes.add(size);
      keptBytes += size;
    }
    while (ring.size() > ringEvents || keptBytes > ringBytes) {
      ring.remove().dropOldest();
      keptBytes -= ringSizes.remove();
    }
  }

  private void wake() {
    for (HubSlot slot : woken) {
      tell(slot, slot.matches);
      slot.matches = null;
    }
    woken.clear();
    if (!progressWaiting.isEmpty()) {
      List<HubSlot> asked = progressWaiting;
      progressWaiting = new ArrayList<>();
      asked.forEach(this::answerProgress);
    }
  }

  private void answerProgress(HubSlot slot) {
    if (slot.progressAtLeast == HubSlot.NO_PROGRESS) {
      return;
    }
    if (slot.progressAtLeast <= head) {
      tell(slot, takePending(slot));
    } else {
      progressWaiting.add(slot);
    }
  }

  private void tell(HubSlot slot, List<Match> matches) {
    boolean progress = slot.progressAtLeast != HubSlot.NO_PROGRESS && slot.progressAtLeast <= head;
    if (progress) {
      slot.progressAtLeast = HubSlot.NO_PROGRESS;
    }
    slot.waiting = false;
    slot.session.tell(new WatchSession.Woken(matches, head, progress));
  }

  private Behavior<Command> onAwait(Await await) {
    HubSlot slot = await.slot();
    slot.waiting = true;
    if (await.progressAtLeast() != HubSlot.NO_PROGRESS) {
      slot.progressAtLeast = await.progressAtLeast();
      progressWaiting.add(slot);
    }
    answerIfAnything(slot);
    return this;
  }

  private void answerIfAnything(HubSlot slot) {
    List<Match> matches = takePending(slot);
    boolean progress = slot.progressAtLeast != HubSlot.NO_PROGRESS && slot.progressAtLeast <= head;
    if (!matches.isEmpty() || progress) {
      tell(slot, matches);
    }
    if (progress) {
      progressWaiting.remove(slot);
    }
  }

  private List<Match> takePending(HubSlot slot) {
    if (slot.pending.isEmpty()) {
      return List.of();
    }
    List<Match> matches = new ArrayList<>(slot.pending.size());
    for (Interest interest : slot.pending) {
      long from = interest.pendingFrom;
      if (from == 0) {
        continue; // it left meanwhile
      }
      KeyVersion[] events = interest.group.recentFrom(from);
      if (events == null || events.length > 0) {
        matches.add(new Match(interest.watchers, events, from));
      }
      interest.group.settled(interest);
    }
    slot.pending = new ArrayList<>(0);
    return matches;
  }

  private Behavior<Command> onChange(Change change) {
    HubSlot changed = change.slot();
    changed.interests += change.joined().size() - change.left().size();
    if (changed.interests > 0) {
      slots.add(changed);
    } else {
      slots.remove(changed);
    }
    for (Interest interest : change.joined()) {
      WatchedRange range = interest.watchers.range();
      InterestGroup group = index.get(range);
      if (group == null) {
        group = new InterestGroup(range);
        index.put(range, group);
      }
      group.add(interest);
      // What was published before the session's request got here is not in anybody's mailbox.
      if (change.from() <= head) {
        group.lacks(interest, change.from());
        change.slot().pending.add(interest);
      }
    }
    for (Interest interest : change.left()) {
      InterestGroup group = interest.group;
      group.remove(interest);
      if (group.count() == 0) {
        group.forgetRecent();
        index.remove(group.range);
      }
    }
    if (change.slot().waiting) {
      answerIfAnything(change.slot());
    }
    return this;
  }

  /** A session that is not waiting looks before it sends anything anyway. */
  private Behavior<Command> onAccessChanged() {
    for (HubSlot slot : slots) {
      if (slot.waiting) {
        tell(slot, List.of());
      }
    }
    return this;
  }

  private Behavior<Command> onCompacted() {
    slots.forEach(slot -> slot.session.tell(new WatchSession.Compacted()));
    return this;
  }

  private Behavior<Command> onRestored(Restored restored) {
    long from = head + 1;
    head = Math.max(head, restored.revision());
    List<HubSlot> waiting = new ArrayList<>();
    index.forEach(
        group -> {
          group.forgetRecent();
          for (int place = 0; place < group.count(); place++) {
            Interest interest = group.interest(place);
            if (interest.pendingFrom == 0) {
              group.lacks(interest, from);
              interest.slot.pending.add(interest);
            }
            if (interest.slot.waiting && interest.slot.pending.size() == 1) {
              waiting.add(interest.slot);
            }
          }
        });
    waiting.forEach(this::answerIfAnything);
    wake();
    return this;
  }
}
