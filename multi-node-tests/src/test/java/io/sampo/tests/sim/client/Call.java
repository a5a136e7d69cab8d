package io.sampo.tests.sim.client;

import com.google.protobuf.Message;

/**
 * One call and how it ended, as its client saw it.
 *
 * @param response null if it failed
 * @param error null if it did not; then nobody knows what became of the request, unless it was
 *     refused
 */
public record Call(
    String client,
    String member,
    Message request,
    long invokedNanos,
    long completedNanos,
    Message response,
    Throwable error) {

  public boolean succeeded() {
    return error == null;
  }

  @Override
  public String toString() {
    return "%s %s at %s, %.6f to %.6f s, answered %s"
        .formatted(
            client,
            text(request),
            member,
            invokedNanos / 1e9,
            completedNanos / 1e9,
            error == null ? text(response) : error);
  }

  private static String text(Message message) {
    return message.getDescriptorForType().getName()
        + "{"
        + com.google.protobuf.TextFormat.printer().shortDebugString(message)
        + "}";
  }
}
