package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** Answers with the body of the request; {@code /hang} never. Remembers who left. */
final class EchoHandler implements RequestHandler {
  final List<String> cancelled = Collections.synchronizedList(new ArrayList<>());
  final List<Http2Stream> hanging = Collections.synchronizedList(new ArrayList<>());

  @Override
  public StreamHandler open(Http2Stream stream, boolean ended) {
    String path = stream.head().path();
    if (path.equals("/broken")) {
      throw new IllegalStateException("broken on purpose");
    }
    Echo echo = new Echo(stream);
    if (path.equals("/hang")) {
      hanging.add(stream);
    } else if (ended) {
      echo.answer();
    }
    return echo;
  }

  private final class Echo implements StreamHandler {
    private final Http2Stream stream;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Echo(Http2Stream stream) {
      this.stream = stream;
    }

    @Override
    public void onData(byte[] bytes, int offset, int length, boolean end) {
      if (stream.head().path().equals("/hang")) {
        return;
      }
      body.write(bytes, offset, length);
      stream.consumed(length);
      if (end) {
        answer();
      }
    }

    private void answer() {
      stream.sendHead(ResponseHead.of(":status", "200"));
      stream.send(ByteString.fromArray(body.toByteArray()));
      stream.end();
    }

    @Override
    public void onCancelled() {
      cancelled.add(stream.head().path());
    }
  }
}
