package io.sampo.node.edge.http;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/**
 * The heads of answers of HTTP/1.0 as Go's net/http writes them: that the connection stays is said
 * in small letters, and that it ends is not said, since in HTTP/1.0 it goes without saying.
 */
final class OldAnswers {
  private static final ByteString BEGIN = ByteString.fromString("HTTP/1.0 ");
  private static final String END = "\r\n\r\n";

  /** Whether one was given to Pekko's layer, which has not written it yet. */
  private boolean due;

  /** This was given to the layer. */
  void given(HttpResponse response) {
    due |= response.protocol().equals(HttpProtocols.HTTP_1_0);
  }

  /** What the client gets of what the layer wrote; it writes a head at once. */
  ByteString written(ByteString bytes) {
    if (!due || !bytes.startsWith(BEGIN, 0)) {
      return bytes;
    }
    due = false;
    String text = bytes.decodeString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf(END);
    String head = end < 0 ? text : text.substring(0, end);
    String inGoWords =
        head.replace("\r\nConnection: Keep-Alive", "\r\nConnection: keep-alive")
            .replace("\r\nConnection: close", "");
    return ByteString.fromString(inGoWords, StandardCharsets.ISO_8859_1)
        .concat(bytes.drop(head.length()));
  }
}
