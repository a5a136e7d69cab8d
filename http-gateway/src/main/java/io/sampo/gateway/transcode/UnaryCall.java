package io.sampo.gateway.transcode;

import com.google.protobuf.Message;
import io.sampo.gateway.json.JsonSyntaxException;
import io.sampo.gateway.json.JsonValues;
import io.sampo.gateway.json.ProtoJsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;

/** One message in, one message out. */
final class UnaryCall {
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);

  private final BodyLimit limit;
  private final AnswerThreads threads;
  private final Materializer materializer;

  UnaryCall(BodyLimit limit, AnswerThreads threads, Materializer materializer) {
    this.threads = threads;
    this.limit = limit;
    this.materializer = materializer;
  }

  Materializer materializer() {
    return materializer;
  }

  CompletionStage<HttpResponse> call(RpcMethod method, HttpRequest request, CallContext context) {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    if (!method.isWaiting()) {
      context
          .timeout()
          .ifPresent(
              timeout ->
                  TimeLimit.after(
                      timeout,
                      answer,
                      () -> answer.complete(Answers.failed(Failure.DEADLINE)),
                      materializer));
    }
    RequestBody.read(request, limit.bodyBytes(), materializer)
        .whenComplete(
            (body, unread) -> {
              if (body == null) {
                answer.complete(Answers.failed(refusal(unread, limit)));
              } else if (!answer.isDone()) {
                call(method, body, context, answer);
              }
            });
    return answer;
  }

  private void call(
      RpcMethod method,
      RequestBody.Received body,
      CallContext context,
      CompletableFuture<HttpResponse> answer) {
    Message request;
    try {
      request = parse(body, method.requestPrototype());
    } catch (JsonSyntaxException e) {
      answer.complete(Answers.failed(Failure.invalidArgument(e.getMessage())));
      return;
    }
    if (!limit.admits(request)) {
      answer.complete(Answers.failed(limit.refusal(request.getSerializedSize())));
      return;
    }
    if (hasLeft(body, context)) {
      answer.complete(Answers.failed(Failure.CANCELLED));
      return;
    }
    CompletionStage<Message> reply = method.callUnary(request, context.metadata());
    if (method.isWaiting()) {
      new WaitingReply(reply.toCompletableFuture(), threads, materializer)
          .answer(context.timeout(), context.gone(), answer);
    } else {
      reply.whenComplete(
          (response, failure) ->
              threads.of(response).execute(() -> answer.complete(answer(response, failure))));
    }
  }

  static HttpResponse answer(Message response, Throwable failure) {
    try {
      return failure == null ? Answers.of(response) : Answers.failed(Failure.of(failure));
    } catch (RuntimeException e) {
      return Answers.failed(Failure.of(e));
    }
  }

  /** A client that left before it had sent its whole body gets no call, as in Go. */
  static boolean hasLeft(RequestBody.Received body, CallContext context) {
    return body.cut().isPresent() && context.gone().isDone();
  }

  /**
   * Only the first value counts; what follows it need be neither JSON nor the rest of a body.
   *
   * @throws JsonSyntaxException also if the body was cut before the value's end
   */
  static Message parse(RequestBody.Received body, Message prototype) throws JsonSyntaxException {
    JsonValues values = new JsonValues();
    values.append(body.bytes());
    Optional<byte[]> value = values.next();
    if (value.isEmpty() && body.cut().isPresent()) {
      throw new JsonSyntaxException(body.cut().get());
    }
    if (value.isEmpty()) {
      value = values.last();
    }
    return ProtoJsonReader.read(value.orElse(EMPTY_OBJECT), prototype);
  }

  /** The answer to a body that could not be read. */
  static Failure refusal(Throwable thrown, BodyLimit limit) {
    return thrown instanceof RequestBody.TooLongException tooLong
        ? limit.refusal(tooLong.size())
        : Failure.of(thrown);
  }
}
