package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import scala.concurrent.duration.FiniteDuration;

/**
 * The reply of a call that may last, such as that for a lock. A client that has left is noticed
 * only when something is written to it, so after a while the answer begins with status 200, and a
 * line break, which is white space in front of JSON, follows from time to time. When writing fails,
 * or nobody has begun to read as long again after the beginning, the reply is cancelled.
 */
final class WaitingReply {
  private static final ByteString STILL_WAITING = ByteString.fromString("\n");

  private final CompletableFuture<Message> reply;
  private final Duration patience;
  private final Materializer materializer;

  /** The reply, or what came first instead: the time limit. */
  private final CompletableFuture<Message> outcome = new CompletableFuture<>();

  private volatile boolean isRead;

  WaitingReply(CompletableFuture<Message> reply, Duration patience, Materializer materializer) {
    this.reply = reply;
    this.patience = patience;
    this.materializer = materializer;
  }

  void answer(Optional<Duration> timeout, CompletableFuture<HttpResponse> answer) {
    reply.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            outcome.complete(response);
          } else {
            outcome.completeExceptionally(failure);
          }
        });
    outcome.whenComplete((response, failure) -> reply.cancel(false));
    timeout.ifPresent(
        limit -> after(limit, () -> outcome.completeExceptionally(Failure.DEADLINE.exception())));
    after(patience, () -> answer.complete(Answers.begun(body())));
    after(patience.multipliedBy(2), this::giveUpIfNobodyReads);
    outcome.whenCompleteAsync(
        (response, failure) -> {
          if (!answer.isDone()) {
            answer.complete(UnaryCall.answer(response, failure));
          }
        },
        materializer.executionContext());
  }

  private void after(Duration delay, Runnable action) {
    Cancellable timer =
        materializer.scheduleOnce(
            FiniteDuration.create(delay.toNanos(), TimeUnit.NANOSECONDS), action);
    outcome.whenComplete((response, failure) -> timer.cancel());
  }

  /** An answer whose connection had ended before it began is never read, so it never fails. */
  private void giveUpIfNobodyReads() {
    if (!isRead) {
      outcome.cancel(false);
    }
  }

  private Source<ByteString, NotUsed> body() {
    CompletableFuture<ByteString> bytes =
        outcome.handleAsync(
            (response, failure) ->
                failure == null ? Answers.body(response) : Failure.of(failure).body(),
            materializer.executionContext());
    return Source.completionStage(bytes)
        .watchTermination(
            (notUsed, over) -> {
              isRead = true;
              over.whenComplete((done, failure) -> reply.cancel(false));
              return notUsed;
            })
        .keepAlive(patience, () -> STILL_WAITING);
  }
}
