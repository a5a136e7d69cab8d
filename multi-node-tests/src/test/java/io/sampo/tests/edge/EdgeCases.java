package io.sampo.tests.edge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All conversations, and what a server says in one of them. */
public final class EdgeCases {

  private static final List<String> WHITELISTED =
      List.of("foo", "FOO", "foo:1", "h", "", "127.0.0.1", "localhost", "foo.", "[::1]");

  private EdgeCases() {}

  /** Each with a name of its own. */
  public static List<EdgeCase> all() {
    List<EdgeCase> plain = new ArrayList<>(Http1HeadCases.all());
    plain.addAll(Http1BodyCases.all());
    List<EdgeCase> http2 = new ArrayList<>(Http2FrameCases.all());
    http2.addAll(GrpcCases.all());
    List<EdgeCase> all = new ArrayList<>(plain);
    all.addAll(http2);
    plain.stream()
        .filter(one -> one.wire() == EdgeCase.Wire.PLAIN)
        .map(one -> one.over(EdgeCase.Wire.TLS_HTTP1, "tls/"))
        .forEach(all::add);
    plain.stream()
        .filter(one -> one.name().matches(".*(JSON of 10 MB|1\\.0|close|pipelined).*"))
        .map(one -> one.over(EdgeCase.Wire.TLS, "tls without ALPN/"))
        .forEach(all::add);
    http2.forEach(one -> all.add(one.over(EdgeCase.Wire.TLS_HTTP2, "tls/")));
    all.addAll(whitelist());
    return all;
  }

  private static List<EdgeCase> whitelist() {
    List<EdgeCase> cases = new ArrayList<>();
    for (String host : WHITELISTED) {
      for (String path : List.of("/health", "/v3/kv/range", "/version", "/metrics", "/nope")) {
        cases.add(
            Http1Script.request("GET " + path + " HTTP/1.1\nHost: " + host)
                .as("whitelist '" + host + "' " + path));
      }
    }
    cases.add(Http1Script.request("OPTIONS / HTTP/1.0").as("whitelist HAProxy's check"));
    cases.add(Http1Script.request("GET * HTTP/1.1\nHost: h").as("whitelist GET *"));
    cases.add(Http1Script.request("OPTIONS * HTTP/1.1\nHost: h").as("whitelist OPTIONS *"));
    cases.add(Http1Script.request("GET /health HTTP/1.0").as("whitelist 1.0 without Host"));
    cases.add(
        Http1Script.request("OPTIONS /health HTTP/1.1\nHost: h\nOrigin: http://a.example")
            .as("whitelist preflight"));
    cases.add(
        Http2Script.connected()
            .headers(1, false, GrpcCases.request())
            .message(1, true, GrpcCases.RANGE)
            .as("whitelist gRPC"));
    return cases.stream().map(one -> one.over(EdgeCase.Wire.WHITELIST, "")).toList();
  }

  /**
   * Has the conversation, and returns what the server said and whether it closed the connection.
   *
   * @param quietMillis silence that counts as "it stays open"
   */
  public static String ask(EdgeServer server, EdgeCase edgeCase, long quietMillis)
      throws InterruptedException {
    try {
      RawConnection.Received received = RawConnection.run(server, edgeCase, quietMillis);
      String answers =
          switch (edgeCase.protocol()) {
            case HTTP1 -> Http1Text.render(received.bytes(), false);
            case HTTP1_HEAD -> Http1Text.render(received.bytes(), true);
            case HTTP2 ->
                edgeCase.wire() == EdgeCase.Wire.PLAIN
                    ? Http2Text.render(received.bytes())
                    : Http2Text.renderLoosely(received.bytes());
          };
      answers = withoutLuck(answers, edgeCase.wire(), !received.end().equals("open"));
      return Masks.visible(answers) + "then " + received.end() + "\n";
    } catch (IOException e) {
      return "no connection: " + e + "\n";
    }
  }

  /**
   * Whether an acknowledgement came before the end is luck, and nobody's business. A busy net/http
   * acknowledges two settings at once, and may hear of a bad preface before it has sent its own.
   * Whether a JSON body that is bad at its first byte was there before its refusal is luck too.
   */
  private static String withoutLuck(String answers, EdgeCase.Wire wire, boolean ended) {
    String heard =
        (ended ? answers.replace("SETTINGS ACK\n", "") : answers)
            .replaceAll("(DATA \\{\"code\".* END_STREAM); RST_STREAM NO_ERROR", "$1");
    if (wire == EdgeCase.Wire.PLAIN) {
      return heard;
    }
    return ended && heard.equals("SETTINGS\n")
        ? ""
        : heard.replaceAll("(SETTINGS ACK\n)+", "SETTINGS ACK\n");
  }
}
