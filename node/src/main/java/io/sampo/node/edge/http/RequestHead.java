package io.sampo.node.edge.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The head of a request that Go's net/http would serve.
 *
 * @param headers as they came, without those that say how the message is framed
 * @param host what the client calls this server; empty if it does not say
 * @param length of the body in bytes; empty if it comes in chunks
 * @param isOld whether it is of HTTP/1.0
 * @param closes whether the connection ends with the answer
 * @param expectsContinue whether the client waits for {@code 100 Continue} before it sends the body
 * @param isWebSocket whether it asks for a WebSocket
 */
record RequestHead(
    String method,
    RequestTarget target,
    List<Header> headers,
    Optional<String> host,
    OptionalLong length,
    boolean isOld,
    boolean closes,
    boolean expectsContinue,
    boolean isWebSocket) {

  /** One header, with its name as it came. */
  record Header(String name, String value) {}

  /** The methods that Pekko's parser knows; all others pass it as POST. */
  private static final Set<String> KNOWN =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  /** What is said anew, or is nothing that may be passed on. */
  private static final Set<String> FRAMING =
      Set.of(
          "host",
          "connection",
          "keep-alive",
          "proxy-connection",
          "content-length",
          "transfer-encoding",
          "trailer",
          "expect",
          "upgrade",
          "http2-settings");

  boolean isChunked() {
    return length.isEmpty();
  }

  /** Go answers {@code OPTIONS *} before any handler. */
  boolean asksServerForOptions() {
    return target.isServer() && method.equals("OPTIONS");
  }

  /** HEAD has no body for Pekko's parser; what comes is thrown away. */
  boolean dropsBody() {
    return method.equals("HEAD");
  }

  /** The method under which the request passes Pekko's parser. */
  String passedMethod() {
    return KNOWN.contains(method) ? method : "POST";
  }

  /**
   * @throws RefusedException if it is not served
   */
  static RequestHead of(RequestLine line, List<Header> headers) throws RefusedException {
    List<String> hosts = values(headers, "host");
    if (hosts.size() > 1) {
      throw new RefusedException(Refusal.MALFORMED);
    }
    OptionalLong length = Framing.length(line, headers);
    if (line.major() != 1) {
      throw new RefusedException(Refusal.VERSION);
    }
    boolean isOld = line.minor() == 0;
    if (!isOld && hosts.isEmpty() && !line.method().equals("CONNECT")) {
      throw new RefusedException(Refusal.NO_HOST);
    }
    if (!hosts.isEmpty() && !HeadSyntax.isHost(hosts.get(0))) {
      throw new RefusedException(Refusal.MALFORMED_HOST);
    }
    if (headers.stream().anyMatch(header -> !HeadSyntax.isToken(header.name()))) {
      throw new RefusedException(Refusal.INVALID_NAME);
    }
    List<String> expected = values(headers, "expect");
    boolean expectsContinue = HeadSyntax.contains(expected, "100-continue");
    if (!expectsContinue && !expected.isEmpty() && !expected.get(0).isEmpty()) {
      throw new RefusedException(Refusal.EXPECTATION);
    }
    List<String> connection = values(headers, "connection");
    boolean close = HeadSyntax.contains(connection, "close");
    boolean isWebSocket =
        HeadSyntax.contains(connection, "upgrade")
            && HeadSyntax.contains(values(headers, "upgrade"), "websocket");
    return new RequestHead(
        line.method(),
        line.target(),
        passed(headers),
        line.target()
            .authority()
            .filter(named -> !named.isEmpty())
            .or(() -> hosts.stream().findFirst()),
        length,
        isOld,
        close || isOld && !HeadSyntax.contains(connection, "keep-alive"),
        expectsContinue && !isOld && length.orElse(1) != 0,
        isWebSocket);
  }

  static List<String> values(List<Header> headers, String name) {
    List<String> values = new ArrayList<>(2);
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        values.add(header.value());
      }
    }
    return values;
  }

  private static List<Header> passed(List<Header> headers) {
    List<Header> passed = new ArrayList<>(headers.size());
    boolean typed = false;
    for (Header header : headers) {
      String name = HeadSyntax.lower(header.name());
      boolean again = typed && name.equals("content-type");
      typed |= name.equals("content-type");
      if (!again && (!FRAMING.contains(name) || name.equals("upgrade") && isWebSocket(header))) {
        passed.add(header);
      }
    }
    return passed;
  }

  private static boolean isWebSocket(Header upgrade) {
    return HeadSyntax.contains(List.of(upgrade.value()), "websocket");
  }

  /**
   * The head in the form that every parser takes, Pekko's too. Its parser wants UTF-8, so bytes
   * beyond ASCII become the characters that they are in ISO 8859-1. HTTP/1.0 has no chunks for it:
   * a request whose body is passed on in chunks is one of HTTP/1.1 there.
   *
   * @param chunked whether the body follows in chunks
   */
  byte[] bytes(boolean chunked) {
    StringBuilder text = new StringBuilder(256);
    text.append(passedMethod()).append(' ').append(target.text());
    boolean passedInChunks = chunked && !dropsBody();
    text.append(isOld && !passedInChunks ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    text.append("Host: localhost\r\n");
    for (Header header : headers) {
      text.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    if (isWebSocket) {
      text.append("Connection: Upgrade\r\n");
    } else if (closes) {
      text.append("Connection: close\r\n");
    } else if (isOld) {
      text.append("Connection: keep-alive\r\n");
    }
    if (expectsContinue && !dropsBody()) {
      text.append("Expect: 100-continue\r\n");
    }
    if (passedInChunks) {
      text.append("Transfer-Encoding: chunked\r\n");
    } else if (!dropsBody() && length.getAsLong() > 0) {
      text.append("Content-Length: ").append(length.getAsLong()).append("\r\n");
    }
    return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
