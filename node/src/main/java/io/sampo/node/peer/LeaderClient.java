package io.sampo.node.peer;

import io.sampo.node.dispatch.ReplyTo;
import io.sampo.node.edge.Answers;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.Scheduler;
import scala.concurrent.ExecutionContext;

/**
 * Asks whoever leads, at its peer URLs one after another and again, until somebody answers or the
 * time of a request is over (etcd 3.7.1, server/v3_server.go).
 */
public final class LeaderClient {
  /** Between two rounds over the leader's URLs. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** After how long a member that has not answered is looked at. */
  private static final Duration LOOK = Duration.ofMillis(200);

  private final PeerClient client;
  private final Supplier<RaftStatus> status;
  private final Supplier<ClusterState> cluster;
  private final Answers answers;
  private final Scheduler scheduler;
  private final ExecutionContext executor;
  private final LongSupplier nanoTime;
  private final long timeoutNanos;

  public LeaderClient(
      PeerClient client,
      Supplier<RaftStatus> status,
      Supplier<ClusterState> cluster,
      Answers answers,
      Scheduler scheduler,
      ExecutionContext executor,
      LongSupplier nanoTime,
      long timeoutNanos) {
    this.client = client;
    this.status = status;
    this.cluster = cluster;
    this.answers = answers;
    this.scheduler = scheduler;
    this.executor = executor;
    this.nanoTime = nanoTime;
    this.timeoutNanos = timeoutNanos;
  }

  private record Question<T>(
      Function<String, CompletionStage<PeerClient.Reply>> way,
      Function<PeerClient.Reply, Optional<T>> reading,
      long deadlineNanos,
      ReplyTo<T> replyTo) {}

  /**
   * Asks until there is an answer; fails with {@link EtcdError#TIMEOUT} when the time is over, or
   * with {@link EtcdError#NO_LEADER} if there is nobody to ask then.
   *
   * @param way how to ask at one URL
   * @param reading what a reply means; empty if somebody else has to be asked, an {@link
   *     EtcdException} is the answer too
   */
  public <T> CompletableFuture<T> ask(
      Function<String, CompletionStage<PeerClient.Reply>> way,
      Function<PeerClient.Reply, Optional<T>> reading) {
    long deadline = nanoTime.getAsLong() + timeoutNanos;
    return answers.ask(replyTo -> round(new Question<>(way, reading, deadline, replyTo)));
  }

  public PeerClient client() {
    return client;
  }

  private void round(Question<?> question) {
    ClusterMember leader = cluster.get().member(status.get().leaderId());
    if (nanoTime.getAsLong() - question.deadlineNanos() >= 0) {
      EtcdError reason = leader == null ? EtcdError.NO_LEADER : EtcdError.TIMEOUT;
      question.replyTo().fail(reason.exception());
    } else if (leader == null) {
      scheduler.scheduleOnce(PAUSE, () -> round(question), executor);
    } else {
      tryNext(question, leader.id(), leader.peerUrls());
    }
  }

  private void tryNext(Question<?> question, long leader, List<String> urls) {
    if (urls.isEmpty()) {
      scheduler.scheduleOnce(PAUSE, () -> round(question), executor);
      return;
    }
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Cancellable> look = new AtomicReference<>();
    lookAgain(question, leader, over, look);
    question
        .way()
        .apply(urls.get(0))
        .whenComplete(
            (reply, failure) -> {
              look.get().cancel();
              boolean ours = over.compareAndSet(false, true);
              if (ours && (failure != null || !settle(question, reply))) {
                tryNext(question, leader, urls.subList(1, urls.size()));
              }
            });
  }

  /**
   * A leader that stands still answers nobody, and a lease may be over before the connection is
   * given up: when that member leads no more, somebody else is asked.
   */
  private void lookAgain(
      Question<?> question, long leader, AtomicBoolean over, AtomicReference<Cancellable> look) {
    look.set(
        scheduler.scheduleOnce(
            LOOK,
            () -> {
              if (status.get().leaderId() == leader && !over.get()) {
                lookAgain(question, leader, over, look);
              } else if (over.compareAndSet(false, true)) {
                round(question);
              }
            },
            executor));
  }

  /** Returns false if somebody else has to be asked. */
  private static <T> boolean settle(Question<T> question, PeerClient.Reply reply) {
    try {
      Optional<T> answer = question.reading().apply(reply);
      answer.ifPresent(question.replyTo()::tell);
      return answer.isPresent();
    } catch (EtcdException error) {
      question.replyTo().fail(error);
      return true;
    }
  }
}
