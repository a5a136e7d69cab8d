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

  /** Answers once everything that has come with the head is read. */
  public void answer(Http2Stream stream) {
    stream.soon(() -> answerNow(stream));
  }

  private void answerNow(Http2Stream stream) {
    if (stream.head().method().equals("HEAD")) {
      stream.answer(head);
      return;
    }
    stream.sendHead(head);
    stream.send(body);
    stream.end();
  }
}
