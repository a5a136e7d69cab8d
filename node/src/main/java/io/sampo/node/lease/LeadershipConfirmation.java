package io.sampo.node.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether this member may have been deposed without having heard of it. A process that stood still
 * for a while (a stopped machine, a long collection) still believes that it leads when it goes on,
 * and what it renews then, the real leader does not know of. So after a standstill renewals wait
 * until a quorum has confirmed this member (etcd 3.7 asks in the same case before it renews).
 * Otherwise none need wait: a leader that hears no quorum gives up within two election times, and
 * its successor gives every lease one more than it needs.
 */
final class LeadershipConfirmation {
  private record Waiting(Lessor.KeepAlive renewal, long question) {}

  private final long standstillMillis;
  private final List<Waiting> waiting = new ArrayList<>();

  /** Written after {@link #question}, and read before it. */
  private volatile long lastSeenMillis;

  /** The first question to the quorum whose answer counts; 0 if none is needed. */
  private volatile long question;

  /**
   * @param standstill a longer one needs a confirmation
   */
  LeadershipConfirmation(Duration standstill) {
    standstillMillis = standstill.toMillis();
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
    if (nowMillis - lastSeenMillis > standstillMillis) {
      question = nextQuestion;
    }
    lastSeenMillis = nowMillis;
  }

  /** Whether renewals need not wait now; for any thread. */
  boolean isSure(LeaseClock clock) {
    long seen = lastSeenMillis;
    return question == 0 && clock.nowMillis() - seen <= standstillMillis;
  }

  boolean isNeeded() {
    return question != 0;
  }

  void await(Lessor.KeepAlive renewal) {
    waiting.add(new Waiting(renewal, question));
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** The quorum has answered this question; gives those who waited for it. */
  List<Lessor.KeepAlive> answered(long answeredQuestion, boolean confirmed) {
    if (confirmed && answeredQuestion >= question) {
      question = 0;
    }
    List<Lessor.KeepAlive> served = new ArrayList<>();
    waiting.removeIf(
        each -> {
          boolean now = each.question() <= answeredQuestion;
          if (now) {
            served.add(each.renewal());
          }
          return now;
        });
    return served;
  }

  /** This member leads no more; gives all who waited. */
  List<Lessor.KeepAlive> end() {
    return answered(Long.MAX_VALUE, true);
  }
}
