package io.sampo.node.edge.http;

import io.sampo.node.edge.http.RequestHead.Header;
import java.util.List;
import java.util.OptionalLong;

/** How long a request's body is, by Go's rules against smuggling. */
final class Framing {
  private static final List<String> NO_TRAILERS =
      List.of("transfer-encoding", "trailer", "content-length");

  private Framing() {}

  /**
   * The body's length in bytes; empty if it comes in chunks.
   *
   * @throws RefusedException if the headers do not say it clearly
   */
  static OptionalLong length(RequestLine line, List<Header> headers) throws RefusedException {
    boolean chunked = isChunked(line, headers);
    long length = contentLength(RequestHead.values(headers, "content-length"));
    for (String trailer : RequestHead.values(headers, "trailer")) {
      for (String name : trailer.split(",")) {
        if (NO_TRAILERS.contains(HeadSyntax.lower(HeadSyntax.trim(name)))) {
          throw new RefusedException(Refusal.MALFORMED);
        }
      }
    }
    return chunked ? OptionalLong.empty() : OptionalLong.of(length);
  }

  private static boolean isChunked(RequestLine line, List<Header> headers) throws RefusedException {
    List<String> encodings = RequestHead.values(headers, "transfer-encoding");
    boolean counts = line.major() > 1 || line.major() == 1 && line.minor() >= 1;
    if (encodings.isEmpty() || !counts) {
      return false;
    }
    if (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked")) {
      throw new RefusedException(Refusal.TRANSFER_ENCODING);
    }
    return true;
  }

  private static long contentLength(List<String> values) throws RefusedException {
    if (values.isEmpty()) {
      return 0;
    }
    String first = values.get(0);
    boolean clear =
        values.stream().allMatch(first::equals)
            && !first.isEmpty()
            && first.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!clear) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    try {
      return Long.parseLong(first);
    } catch (NumberFormatException tooLarge) {
      throw new RefusedException(Refusal.MALFORMED);
    }
  }
}
