package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ResponseHead;
import org.apache.pekko.util.ByteString;

/** A refusal in one line of text, as Go's {@code http.Error} writes it. */
public final class PlainText {
  private final ResponseHead head;
  private final ByteString body;

  /**
   * @param more fields of the answer's head
   */
  public PlainText(int status, String text, String... more) {
    body = ByteString.fromString(text + '\n');
    head =
        ResponseHead.of(
                ":status",
                Integer.toString(status),
                "content-type",
                "text/plain; charset=utf-8",
                "x-content-type-options",
                "nosniff",
                "content-length",
                Integer.toString(body.size()))
            .with(more);
  }

  /**
   * Answers once everything that has come with the head is read.
   *
   * @param more fields of the answer's head
   */
  public void answer(Http2Stream stream, String... more) {
    ResponseHead all = head.with(more);
    stream.soon(() -> answerNow(stream, all));
  }

  private void answerNow(Http2Stream stream, ResponseHead all) {
    if (stream.head().method().equals("HEAD")) {
      stream.answer(all);
      return;
    }
    stream.sendHead(all);
    stream.send(body);
    stream.end();
  }
}
