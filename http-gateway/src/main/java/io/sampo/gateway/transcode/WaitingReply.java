package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/**
 * The reply of a call that may last, such as that for a lock. It is cancelled when its client
 * leaves or its time limit passes. Nothing is answered before the result is known, for the status
 * says whether the call went well.
 */
final class WaitingReply {
  private final CompletableFuture<Message> reply;
  private final AnswerThreads threads;
  private final Materializer materializer;

  WaitingReply(CompletableFuture<Message> reply, AnswerThreads threads, Materializer materializer) {
    this.reply = reply;
    this.threads = threads;
    this.materializer = materializer;
  }

  /**
   * @param gone completes when the client leaves
   */
  void answer(
      Optional<Duration> timeout,
      CompletableFuture<Done> gone,
      CompletableFuture<HttpResponse> answer) {
    timeout.ifPresent(
        limit ->
            TimeLimit.after(limit, answer, () -> give(Failure.DEADLINE, answer), materializer));
    gone.thenRun(() -> give(Failure.CANCELLED, answer));
    reply.whenComplete(
        (response, failure) ->
            threads
                .of(response)
                .execute(() -> answer.complete(UnaryCall.answer(response, failure))));
  }

  private void give(Failure failure, CompletableFuture<HttpResponse> answer) {
    answer.complete(Answers.failed(failure));
    reply.cancel(false);
  }
}
