package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import io.sampo.gateway.json.JsonSyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.CompletionTimeoutException;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * Calls that answer with a stream: a line per message, sent at once. The HTTP status is known with
 * the first message or the failure before it, so the response waits for that.
 */
final class StreamCall {
  /** What the service did next. */
  private sealed interface Event {
    record Line(ByteString bytes) implements Event {}

    record Failed(Failure failure) implements Event {}
  }

  private final BodyLimit limit;
  private final LeaderRule leaderRule;
  private final Materializer materializer;

  StreamCall(BodyLimit limit, LeaderRule leaderRule, Materializer materializer) {
    this.limit = limit;
    this.leaderRule = leaderRule;
    this.materializer = materializer;
  }

  CompletionStage<HttpResponse> call(RpcMethod method, HttpRequest request, CallContext context) {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    if (method.isClientStreaming()) {
      SharedKillSwitch stop = KillSwitches.shared("json-stream");
      JsonMessages messages =
          new JsonMessages(
              method.requestPrototype(), limit, failure -> stop.abort(failure.exception()));
      Source<Message, NotUsed> requests =
          RequestBody.bytes(request)
              .via(messages)
              .mapMaterializedValue(ignored -> NotUsed.getInstance());
      respond(method.callWithMany(requests, context.metadata()), stop, context, answer);
    } else {
      RequestBody.read(request, limit.bodyBytes(), materializer)
          .whenComplete((body, unread) -> callWithOne(method, body, unread, context, answer));
    }
    return answer;
  }

  private void callWithOne(
      RpcMethod method,
      RequestBody.Received body,
      Throwable unread,
      CallContext context,
      CompletableFuture<HttpResponse> answer) {
    try {
      if (body == null) {
        answer.complete(Answers.failed(UnaryCall.refusal(unread, limit)));
        return;
      }
      Message message = UnaryCall.parse(body, method.requestPrototype());
      if (!limit.admits(message)) {
        answer.complete(Answers.failed(limit.refusal(message.getSerializedSize())));
        return;
      }
      if (UnaryCall.hasLeft(body, context)) {
        answer.complete(Answers.failed(Failure.CANCELLED));
        return;
      }
      respond(
          method.callWithOne(message, context.metadata()),
          KillSwitches.shared("json-stream"),
          context,
          answer);
    } catch (JsonSyntaxException e) {
      answer.complete(Answers.failed(Failure.invalidArgument(e.getMessage())));
    }
  }

  private void respond(
      Source<Message, NotUsed> responses,
      SharedKillSwitch stop,
      CallContext context,
      CompletableFuture<HttpResponse> answer) {
    context.gone().thenRun(() -> stop.abort(Failure.CANCELLED.exception()));
    guarded(limited(responses, context.timeout()), context)
        .via(stop.flow())
        .<Event>map(message -> new Event.Line(Answers.line(message)))
        .recover(
            new PFBuilder<Throwable, Event>()
                .matchAny(thrown -> new Event.Failed(Failure.of(thrown)))
                .build())
        .prefixAndTail(1)
        .to(Sink.foreach(begun -> answer.complete(begin(begun.first(), begun.second()))))
        .run(materializer);
  }

  private static HttpResponse begin(List<Event> first, Source<Event, NotUsed> rest) {
    if (first.isEmpty()) {
      return Answers.emptyStream();
    }
    if (first.get(0) instanceof Event.Failed failed) {
      return Answers.failedStream(failed.failure());
    }
    return Answers.stream(Source.from(first).concatLazy(rest).map(StreamCall::bytes));
  }

  private static ByteString bytes(Event event) {
    return event instanceof Event.Line line
        ? line.bytes()
        : ((Event.Failed) event).failure().line();
  }

  private Source<Message, NotUsed> guarded(
      Source<Message, NotUsed> responses, CallContext context) {
    return context.requiresLeader() ? responses.via(leaderRule.whileLed()) : responses;
  }

  private static Source<Message, NotUsed> limited(
      Source<Message, NotUsed> responses, Optional<Duration> timeout) {
    if (timeout.isEmpty()) {
      return responses;
    }
    Duration left = timeout.get().isNegative() ? Duration.ofNanos(1) : timeout.get();
    return responses
        .completionTimeout(left)
        .mapError(CompletionTimeoutException.class, late -> Failure.DEADLINE.exception());
  }
}
