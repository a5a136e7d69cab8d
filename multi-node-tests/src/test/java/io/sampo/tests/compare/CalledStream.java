package io.sampo.tests.compare;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import java.time.Duration;

/** A stream in both directions, whose messages are text. */
record CalledStream(CalledMethod method, GrpcStream<Message> stream) implements AutoCloseable {

  private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofMillis(300);

  static CalledStream open(GrpcClient client, CalledMethod method) {
    return new CalledStream(method, client.stream(method.path(), method.answer()));
  }

  /** Sends a message and returns what comes then. */
  String send(String text) {
    stream.send(method.request(text));
    return stream.poll(FIRST_ANSWER).map(CalledStream::text).orElse("nothing came\n") + rest();
  }

  /** What has come. */
  String rest() {
    StringBuilder text = new StringBuilder();
    stream.drain(QUIET).forEach(one -> text.append(text(one)));
    return text.toString();
  }

  private static String text(Object arrived) {
    return arrived instanceof Status status
        ? Rendering.status(status)
        : Rendering.message((Message) arrived) + "--\n";
  }

  @Override
  public void close() {
    stream.close();
  }
}
