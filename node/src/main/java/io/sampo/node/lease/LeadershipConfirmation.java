package io.sampo.node.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Whether this member may have been deposed without having heard of it. A process that stood still
 * for a while (a stopped machine, a long collection) still believes that it leads when it goes on,
 * and what it renews then, the real leader does not know of. So after a standstill renewals wait
 * until a quorum has confirmed this member (etcd 3.7 asks in the same case before it renews).
 * Otherwise none need wait: a leader that hears no quorum gives up within two election times, and
 * its successor gives every lease one more than it needs. The same holds where only Raft's thread
 * stands still, at a disk that does not answer: others elect a leader meanwhile.
 */
final class LeadershipConfirmation {
  private record Waiting(Lessor.KeepAlive renewal, long question, long sinceMillis) {}

  private final long standstillMillis;
  private final BooleanSupplier raftIsActive;
  private final List<Waiting> waiting = new ArrayList<>();

  /** Written after {@link #question}, and read before it. */
  private volatile long lastSeenMillis;

  /** The first question to the quorum whose answer counts; 0 if none is needed. */
  private volatile long question;

  /**
   * @param standstill a longer one needs a confirmation
   * @param raftIsActive whether Raft's thread has come by lately
   */
  LeadershipConfirmation(Duration standstill, BooleanSupplier raftIsActive) {
    standstillMillis = standstill.toMillis();
    this.raftIsActive = raftIsActive;
  }

  /** Leadership has just been confirmed by its beginning. */
  void begin(long nowMillis) {
    question = 0;
    lastSeenMillis = nowMillis;
  }

  /**
   * This member does something.
   *
   * @param nextQuestion the id of the next question to the quorum: only the answer to one that is
   *     asked after a standstill tells who leads after it
   */
  void goesOn(long nowMillis, long nextQuestion) {
    if (nowMillis - lastSeenMillis > standstillMillis || !raftIsActive.getAsBoolean()) {
      question = nextQuestion;
    }
    lastSeenMillis = nowMillis;
  }

  /** Whether renewals need not wait now; for any thread. */
  boolean isSure(LeaseClock clock) {
    long seen = lastSeenMillis;
    return question == 0
        && clock.nowMillis() - seen <= standstillMillis
        && raftIsActive.getAsBoolean();
  }

  boolean isNeeded() {
    return question != 0;
  }

  void await(Lessor.KeepAlive renewal, long nowMillis) {
    waiting.add(new Waiting(renewal, question, nowMillis));
  }

  /** Gives those who began to wait at this time or before; they wait no more. */
  List<Lessor.KeepAlive> waitingSince(long millis) {
    return take(each -> each.sinceMillis() <= millis);
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** The quorum has answered this question; gives those who waited for it. */
  List<Lessor.KeepAlive> answered(long answeredQuestion, boolean confirmed) {
    if (confirmed && answeredQuestion >= question) {
      question = 0;
    }
    return take(each -> each.question() <= answeredQuestion);
  }

  private List<Lessor.KeepAlive> take(Predicate<Waiting> whom) {
    List<Lessor.KeepAlive> taken = new ArrayList<>();
    waiting.removeIf(
        each -> {
          boolean now = whom.test(each);
          if (now) {
            taken.add(each.renewal());
          }
          return now;
        });
    return taken;
  }

  /** This member leads no more; gives all who waited. */
  List<Lessor.KeepAlive> end() {
    return answered(Long.MAX_VALUE, true);
  }
}
