package io.sampo.tests.edge;

import static io.sampo.tests.edge.Http1Script.post;
import static io.sampo.tests.edge.Http1Script.request;
import static io.sampo.tests.edge.Http1Script.send;

import java.util.ArrayList;
import java.util.List;

/** HTTP/1: bodies and their framing, keep-alive, pipelining, upgrades, CORS, JSON calls. */
final class Http1BodyCases {

  private static final String RANGE = "{\"key\":\"YQ==\"}";
  private static final String CHUNKED =
      "POST /v3/kv/range HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n";
  private static final String GET = "GET /version HTTP/1.1\nHost: h\n\n";
  private static final String LAST = "GET /health HTTP/1.1\nHost: h\nConnection: close\n\n";

  private Http1BodyCases() {}

  static List<EdgeCase> all() {
    List<EdgeCase> cases = new ArrayList<>();
    for (String line : Inputs.of("http1-chunks")) {
      String chunks = line.replace("{RANGE}", RANGE);
      String name = chunks.length() > 100 ? "a long extension" : chunks.replace("\n", "|");
      cases.add(send(CHUNKED + chunks).as("chunks '" + name + "'"));
    }
    Inputs.of("http1-content-types")
        .forEach(
            type ->
                cases.add(
                    post("/v3/kv/range", "Content-Type: " + type, RANGE)
                        .as("type '" + type + "'")));
    cases.addAll(framings());
    cases.addAll(several());
    cases.addAll(upgrades());
    cases.addAll(cors());
    cases.addAll(json());
    return cases;
  }

  private static List<EdgeCase> framings() {
    String open = "POST /v3/kv/range HTTP/1.1\nHost: h\n";
    return List.of(
        send(open + "\n" + RANGE).as("no length"),
        send(open + "Content-Length: 5\n\n" + RANGE).as("a body longer than its length"),
        send(open + "Content-Length: 50\n\n" + RANGE).halfClose().as("a body cut short"),
        send(open + "Content-Length: 50\n\n" + RANGE).as("a body that does not end"),
        send(CHUNKED + "e\n" + RANGE).halfClose().as("chunks cut short"),
        send(open + "Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n")
            .as("chunked with a length"),
        send(open + "Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n")
            .as("chunked twice"),
        send("GET /health HTTP/1.1\nHost: h\nContent-Length: 2\n\n{}").as("GET with a body"),
        send("GET /health HTTP/1.1\nHost: h\nContent-Length: 2\n\n{}" + GET)
            .as("GET with a body, GET"),
        send("GET /health HTTP/1.1\nHost: h\nContent-Length: 300000\n\n")
            .as("GET with a body to come"),
        send("HEAD /version HTTP/1.1\nHost: h\n\nHEAD /health HTTP/1.1\nHost: h\n\n")
            .asHead("HEAD twice"),
        send(open + "Expect: 100-continue\nContent-Length: 14\n\n")
            .pause(300)
            .raw(RANGE)
            .as("Expect, then the body"),
        send(open + "Expect: 100-continue\nContent-Length: 14\n\n" + RANGE)
            .as("Expect with the body"),
        send(open + "Expect: 100-Continue\nContent-Length: 14\n\n").as("Expect, never a body"),
        send("POST /nope HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 14\n\n")
            .as("Expect, no route"),
        send("POST /nope HTTP/1.1\nHost: h\nExpect: 100-continue\nContent-Length: 14\n\n" + RANGE)
            .as("Expect with the body, no route"),
        send(CHUNKED.replace("\n\n", "\nExpect: 100-continue\n\n") + "e\n" + RANGE + "\n0\n\n")
            .as("Expect with chunks"),
        send(open + "Content-Length: 50\n\n" + RANGE.substring(0, 9))
            .halfClose()
            .as("a body cut in its value"),
        send(CHUNKED + "9\n" + RANGE.substring(0, 9)).halfClose().as("chunks cut in their value"),
        send("POST /v3/maintenance/snapshot HTTP/1.1\nHost: h\nContent-Length: 9\n\n{}")
            .halfClose()
            .as("a body of a stream cut short"),
        send("POST /v3/kv/range HTTP/1.0\nExpect: 100-continue\nContent-Length: 14\n\n" + RANGE)
            .as("Expect by 1.0"),
        send(open + "Expect: nonsense\nContent-Length: 14\n\n" + RANGE).as("Expect nonsense"),
        send(open + "Content-Length: 14\n\n")
            .pause(200)
            .raw("{\"key\"")
            .pause(200)
            .raw(":\"YQ==\"}")
            .as("a slow body"),
        send("POST /v3/kv/range HT")
            .pause(200)
            .raw("TP/1.1\r\nHost: h\r\nContent-Le")
            .pause(200)
            .raw("ngth: 14\r\n\r\n" + RANGE)
            .as("a slow head"),
        send("POST /nope HTTP/1.1\nHost: h\nContent-Length: 1000000\n\n")
            .raw("x".repeat(1_000_000))
            .then(GET)
            .as("1 MB to no route, GET"));
  }

  private static List<EdgeCase> several() {
    return List.of(
        send(GET + GET + LAST).as("pipelined"),
        send(GET.repeat(50) + LAST).as("51 pipelined"),
        send(GET + "nonsense\n\n").as("pipelined, then nonsense"),
        send(LAST + GET).as("pipelined behind a close"),
        send(GET).pause(300).then(LAST).as("one after another"),
        send(GET).halfClose().as("half-close behind a request"),
        send(GET + GET).halfClose().as("half-close behind two"),
        send("POST /v3/watch HTTP/1.1\nHost: h\nContent-Length: 2\n\n{}")
            .halfClose()
            .as("half-close behind a watch"),
        post("/v3/watch", "", "{\"create_request\":{\"key\":\"YQ==\"}}").as("a watch"),
        post("/v3/watch", "Connection: close", "{\"create_request\":{\"key\":\"YQ==\"}}")
            .as("a watch with close"),
        post("/v3/watch", "", "{}").as("a watch of nothing"),
        post("/v3/watch", "", "nonsense").as("a watch of nonsense"),
        post(
                "/v3/watch",
                "",
                "{\"create_request\":{\"key\":\"YQ==\"}}{\"create_request\":{\"key\":\"Yg==\"}}")
            .as("two watches in one body"),
        send("POST /v3/watch HTTP/1.0\n"
                + "Content-Length: 35\n\n"
                + "{\"create_request\":{\"key\":\"YQ==\"}}  ")
            .as("a watch by 1.0"),
        send(GET.replace("\n\n", "\nConnection: close\n\n")).as("close"),
        send(GET.replace("1.1", "1.0")).as("1.0"),
        send(GET.replace("1.1", "1.0") + GET).as("pipelined behind 1.0"),
        send(GET.replace("HTTP/1.1\n", "HTTP/1.0\nConnection: keep-alive\n") + LAST)
            .as("1.0 keep-alive, then 1.1"));
  }

  private static List<EdgeCase> upgrades() {
    String h2c =
        "Connection: Upgrade, HTTP2-Settings\n"
            + "Upgrade: h2c\n"
            + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA";
    String ws =
        "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    return List.of(
        request("GET /health HTTP/1.1\nHost: h\n" + h2c).as("h2c"),
        send("GET /health HTTP/1.1\nHost: h\n" + h2c + "\n\n" + GET + LAST).as("h2c, GET, GET"),
        request("HEAD /health HTTP/1.1\nHost: h\n" + h2c).asHead("h2c HEAD"),
        post("/v3/kv/range", h2c, RANGE).as("h2c POST"),
        post("/v3/kv/range", h2c, RANGE + " ".repeat(200_000)).as("h2c POST of 200 kB"),
        post("/etcdserverpb.KV/Range", h2c + "\nContent-Type: application/grpc", RANGE)
            .as("h2c gRPC"),
        request("GET /health HTTP/1.1\nHost: h\nConnection: Upgrade\nUpgrade: h2c")
            .as("h2c without settings"),
        request("GET /health HTTP/1.1\nHost: h\n" + ws).as("WebSocket on a page"),
        request("GET /v3/watch HTTP/1.1\nHost: h\n" + ws).as("WebSocket on a stream"),
        request("GET /v3/watch HTTP/1.1\nHost: h\nOrigin: http://evil.example\n" + ws)
            .as("WebSocket of an origin"),
        request("GET /v3/kv/range HTTP/1.1\nHost: h\n" + ws).as("WebSocket on a unary call"),
        request("GET /v3/watch HTTP/1.1\nHost: h\n" + ws.replace("13", "12"))
            .as("WebSocket of version 12"),
        request("GET /v3/watch HTTP/1.1\nHost: h\n" + ws.replaceAll("\nSec-WebSocket-Key.*", ""))
            .as("WebSocket without key"),
        request("GET /v3/watch HTTP/1.1\nHost: h\nSec-WebSocket-Protocol: Bearer, x\n" + ws)
            .as("WebSocket with protocols"),
        request("POST /v3/watch HTTP/1.1\nHost: h\n" + ws).as("WebSocket by POST"),
        send("GET /v3/watch HTTP/1.1\nHost: h\n" + ws + "\n\n")
            .pause(300)
            .raw("\u0081\u00a1\0\0\0\0{\"create_request\":{\"key\":\"YQ==\"}}")
            .as("WebSocket watch"),
        send("GET /v3/watch HTTP/1.1\nHost: h\n" + ws + "\n\n")
            .pause(300)
            .raw("\u0088\u0080\0\0\0\0")
            .as("WebSocket closed"),
        send("GET /v3/watch HTTP/1.1\nHost: h\n" + ws + "\n\n")
            .pause(300)
            .raw("\u0089\u0080\0\0\0\0")
            .as("WebSocket ping"),
        send("GET /v3/watch HTTP/1.1\nHost: h\n" + ws + "\n\n")
            .pause(300)
            .raw("\u0081\u0002{}")
            .as("WebSocket unmasked"));
  }

  private static List<EdgeCase> cors() {
    List<EdgeCase> cases = new ArrayList<>();
    for (String path : List.of("/health", "/v3/kv/range", "/version", "/nope", "/metrics")) {
      for (String origin : List.of("http://a.example", "nonsense", "null", "")) {
        cases.add(
            request(
                    "OPTIONS "
                        + path
                        + " HTTP/1.1\nHost: h\nOrigin: "
                        + origin
                        + "\n"
                        + "Access-Control-Request-Method: POST\n"
                        + "Access-Control-Request-Headers: x")
                .as("preflight " + path + " of '" + origin + "'"));
        cases.add(
            request("GET " + path + " HTTP/1.1\nHost: h\nOrigin: " + origin)
                .as("GET " + path + " of '" + origin + "'"));
      }
    }
    return cases;
  }

  private static List<EdgeCase> json() {
    String nested = "{\"success\":[{\"request_txn\":".repeat(1_000) + "{}" + "}]}".repeat(1_000);
    return List.of(
        post("/v3/kv/range", "Grpc-Timeout: 99999999H", RANGE).as("JSON Grpc-Timeout 99999999H"),
        post("/v3/kv/range", "Grpc-Timeout: 1n", RANGE).as("JSON Grpc-Timeout 1n"),
        post("/v3/kv/range", "Grpc-Timeout: x", RANGE).as("JSON Grpc-Timeout x"),
        post("/v3/kv/range", "Grpc-Timeout: 10S", RANGE).as("JSON Grpc-Timeout 10S"),
        post("/v3/kv/range", "Grpc-Timeout: -1S", RANGE).as("JSON Grpc-Timeout -1S"),
        post("/v3/kv/range", "Grpc-Timeout: 123456789S", RANGE).as("JSON Grpc-Timeout 123456789S"),
        post("/v3/kv/range", "Grpc-Metadata-hasleader: true", RANGE).as("JSON hasleader"),
        post("/v3/kv/range", "Grpc-Metadata-a-bin: %%%", RANGE)
            .as("JSON binary metadata that is not base64"),
        post("/v3/kv/range", "Authorization: nonsense", RANGE).as("JSON with a token"),
        post("/v3/kv/range", "Accept-Encoding: gzip", RANGE).as("JSON for gzip"),
        post("/v3/kv/range", "Content-Encoding: gzip", RANGE).as("JSON that claims gzip"),
        post("/v3/kv/range", "Accept: text/event-stream", RANGE).as("JSON for text/event-stream"),
        post("/v3/kv/range", "TE: trailers", RANGE).as("JSON with TE"),
        post("/v3/kv/range", "TE: gzip, Trailers", "nonsense").as("JSON nonsense with TE"),
        post("/v3/kv/range", "TE: trailers\nGrpc-Timeout: x", RANGE).as("JSON bad timeout with TE"),
        post("/v3/nope", "TE: trailers", RANGE).as("JSON on no route with TE"),
        send("POST /v3/kv/range HTTP/1.0\nTE: trailers\nContent-Length: 14\n\n" + RANGE)
            .as("JSON with TE by 1.0"),
        post("/v3/kv/range?key=Yg", "", RANGE).as("JSON with a query"),
        post("/v3/kv/range", "X-HTTP-Method-Override: GET", RANGE).as("JSON with an override"),
        post("/v3/kv/txn", "", nested).as("JSON nested 1,000 deep"),
        post("/v3/kv/range", "", RANGE.substring(0, 6)).as("JSON cut"),
        post("/v3/kv/range", "", "\u00ef\u00bb\u00bf" + RANGE).as("JSON with a byte order mark"),
        post("/v3/kv/range", "", "{\"key\":\"\\ud800\"}").as("JSON with half a surrogate"),
        post("/v3/kv/range", "", "{\"key\":\"\u00ff\"}").as("JSON that is not UTF-8"),
        post("/v3/kv/put", "", "{\"key\":\"eA==\",\"value\":\"" + "AAAA".repeat(600_000) + "\"}")
            .as("JSON put of 1.8 MB"),
        post("/v3/kv/put", "", "{\"key\":\"eA==\",\"value\":\"" + "AAAA".repeat(3_000_000) + "\"}")
            .as("JSON put of 9 MB"),
        post("/v3/maintenance/snapshot", "", "{}")
            .as("JSON snapshot without a length")
            .over(EdgeCase.Wire.WHITELIST, ""),
        post("/v3/kv/range", "", "{\"key\":\"bGFyZ2U=\",\"range_end\":\"bGFyZ2Y=\"}")
            .as("JSON of 10 MB"),
        post(
                "/v3/kv/range",
                "Connection: close",
                "{\"key\":\"bGFyZ2U=\",\"range_end\":\"bGFyZ2Y=\"}")
            .as("JSON of 10 MB with close"),
        send("POST /v3/kv/range HTTP/1.0\n"
                + "Content-Length: 43\n\n"
                + "{\"key\":\"bGFyZ2U=\",\"range_end\":\"bGFyZ2Y=\"}   ")
            .as("JSON of 10 MB by 1.0"));
  }
}
