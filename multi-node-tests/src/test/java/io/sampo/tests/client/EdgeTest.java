package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.tests.abuse.LogFigures;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.SharedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd bytes of HTTP/1 and HTTP/2 that etcd serves, or refuses alone, on one plain port. */
@RequiresTool("curl")
class EdgeTest {
  private static final String UPGRADE =
      "Connection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAAP__\n";

  private static final String RANGE = "/etcdserverpb.KV/Range";
  private static final String WATCH = "/etcdserverpb.Watch/Watch";
  private static final byte[] READ =
      RangeRequest.newBuilder().setKey(Etcd.bytes("odd")).build().toByteArray();

  /** curl's exit code when its time is over. */
  private static final int TIME_OUT = 28;

  private static final int NESTED = 1_000;

  @RegisterExtension
  static final SharedServer SHARED = SharedServer.withFlags("--max-txn-ops=10000");

  @TempDir Path folder;

  private static int port() {
    return SHARED.server().clientPort();
  }

  @AfterEach
  void nothingIsLoggedWithAStack() {
    LogFigures log = LogFigures.of(SHARED.server().log(), 0);
    assertEquals(0, log.largestStack(), log::stackBegin);
  }

  private static String put(String key, String value) {
    return "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(Curl.base64(key), Curl.base64(value));
  }

  private static String post(String headers, String path, String body) {
    return "POST %s HTTP/1.1\nHost: h\n%sContent-Length: %d\n\n"
            .formatted(path, headers, body.length())
            .replace("\n", "\r\n")
        + body;
  }

  @Test
  void anUpgradeToHttp2IsPassedOver() {
    try (Http1Connection connection = Http1Connection.open(port())) {
      connection.head("GET /health HTTP/1.1\nHost: h\n" + UPGRADE.strip());
      assertEquals(200, connection.answer().status());
      connection.head("HEAD /health HTTP/1.1\nHost: h\n" + UPGRADE.strip());
      assertEquals(405, connection.answerToHead().status());
      connection.raw(post(UPGRADE, "/v3/kv/put", put("upgrade", "v".repeat(150_000))));
      assertEquals(200, connection.answer().status());
      connection.raw(post("", "/v3/kv/range", put("upgrade", "")));
      assertTrue(connection.answer().body().length() > 200_000);
      connection.head("GET /version HTTP/1.1\nHost: h");
      assertTrue(connection.answer().body().contains("etcdserver"));
    }
  }

  @Test
  void curlAsksForTheUpgradeAndGetsBothPages() {
    String url = SHARED.server().url();
    String out =
        Command.of(List.of("curl", "-sS", "-m", "15", "--http2", url + "/health", url + "/version"))
            .run()
            .succeeded()
            .out();
    assertTrue(out.contains("\"health\":\"true\"") && out.contains("\"etcdserver\""), out);
  }

  @Test
  void javasClientAsksForTheUpgradeAndItsHundredPutsArrive() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 100; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(SHARED.server().url() + "/v3/kv/put"))
              .timeout(Duration.ofSeconds(10))
              .POST(HttpRequest.BodyPublishers.ofString(put("java/" + i, "v")))
              .build();
      assertEquals(200, client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
    }
    String range =
        "{\"key\":\"%s\",\"range_end\":\"%s\"}"
            .formatted(Curl.base64("java/"), Curl.base64("java0"));
    Curl.Answer answer = new Curl(SHARED.server()).post("/v3/kv/range", range);
    assertEquals("100", answer.json().get("count").getAsString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPTIONS / HTTP/1.0                            | 200",
        "GET /health HTTP/1.0                          | 200",
        "GET /health HTTP/1.1~Host:                    | 200",
        "GET /health HTTP/1.1~Host: x:99999            | 200",
        "FOO /health HTTP/1.1~Host: h                  | 405",
        "GET /health HTTP/1.1~Host: h~Expect: nonsense | 417",
      })
  void oddHeadsHaveEtcdsStatus(String lines, int status) {
    try (Http1Connection connection = Http1Connection.open(port())) {
      connection.head(lines.replace("~", "\n"));
      assertEquals(status, connection.answer().status());
      if (lines.contains("HTTP/1.0")) {
        assertTrue(connection.ends());
      }
    }
  }

  @Test
  void aPrefaceMayComeInTwoSegments() {
    try (Http2Connection connection = Http2Connection.silent(port())) {
      int cut = Http2Connection.PREFACE.length() - 1;
      connection.raw(Http2Connection.PREFACE.substring(0, cut));
      // Shorter, and Linux may hand the server one segment.
      Await.pause(Duration.ofMillis(150));
      connection.raw(Http2Connection.PREFACE.substring(cut));
      connection.awaitSettings();
    }
  }

  /** A connection whose stream 1 watches the key {@code odd}. */
  private static Http2Connection watching() {
    byte[] create =
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(Etcd.bytes("odd")))
            .build()
            .toByteArray();
    Http2Connection connection =
        Http2Connection.open(port()).call(1, "h", WATCH).message(1, false, create);
    connection.awaitBody(1, 1);
    return connection;
  }

  /** The watch is told of a change, and another call is served. */
  private static void assertLives(Http2Connection connection) {
    int before = connection.bodyBytes(1);
    byte[] write =
        PutRequest.newBuilder()
            .setKey(Etcd.bytes("odd"))
            .setValue(Etcd.bytes("v"))
            .build()
            .toByteArray();
    connection.call(99, "h", "/etcdserverpb.KV/Put").message(99, true, write);
    assertEquals("0", connection.end(99).header("grpc-status"));
    connection.awaitBody(1, before + 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/run/etcd.sock",
        "#initially=[http://127.0.0.1:2379]",
        "[fe80::1%25eth0]:2379",
        "a:",
        "",
        "x:99999"
      })
  void oddAuthoritiesAreServed(String authority) {
    try (Http2Connection connection = watching()) {
      connection.call(3, authority, RANGE).message(3, true, READ);
      Http2Connection.Answer answer = connection.end(3);
      assertEquals("0", answer.header("grpc-status"));
      assertTrue(answer.bodyBytes() > 0);
      assertLives(connection);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        RANGE + "      | content-type | application/grpc",
        RANGE + "      | te           | gzip",
        RANGE + "      | content-length | nonsense",
        RANGE + "      | content-length | 3",
        RANGE + "#part | a            | b",
        "/a b          | a            | b",
        "/%zz          | a            | b",
        "/~            | a            | b",
        "nowhere       | a            | b",
      })
  void aBadStreamFailsAlone(String path, String name, String value) {
    try (Http2Connection connection = watching()) {
      connection.call(3, "h", path.replace('~', '|'), name, value).message(3, true, READ);
      connection.end(3);
      assertLives(connection);
    }
  }

  @Test
  void aStreamWith4100HeadersFailsAlone() {
    String[] fields = new String[2 * 4_100];
    Arrays.setAll(fields, i -> i % 2 == 0 ? "a" + i : "b");
    try (Http2Connection connection = watching()) {
      connection.call(3, "h", RANGE, fields).message(3, true, READ);
      connection.end(3);
      assertLives(connection);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "99999999H, 0",
    "1H, 0",
    "50S, 0",
    "1n, 4",
    "0S, 4",
    "100000000S, 13",
    "-1S, 13",
    "1, 13",
    "1X, 13",
  })
  void timeoutsOfGrpc(String timeout, String status) {
    try (Http2Connection connection = watching()) {
      connection.call(3, "h", RANGE, "grpc-timeout", timeout).message(3, true, READ);
      Http2Connection.Answer answer = connection.end(3);
      assertEquals(status, answer.header("grpc-status"));
      assertLives(connection);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "99999999H, 504",
    "1H, 200",
    "50S, 200",
    "1n, 504",
    "0S, 200",
    "-1S, 504",
    "1, 400",
    "1X, 400",
  })
  void timeoutsOfJson(String timeout, int status) {
    Curl.Answer answer =
        new Curl(SHARED.server())
            .get("/v3/kv/range", "-H", "Grpc-Timeout: " + timeout, "-d", put("odd", ""));
    assertEquals(status, answer.status(), answer::body);
  }

  @Test
  void aMegabyteOfJsonByPriorKnowledgeIsAnswered() throws IOException {
    Path body = folder.resolve("body");
    Files.writeString(body, put("large", "v".repeat(1_000_000)));
    int code =
        Command.of(
                List.of(
                    "curl",
                    "-sS",
                    "-m",
                    "15",
                    "--http2-prior-knowledge",
                    "-d",
                    "@" + body,
                    SHARED.server().url() + "/v3/kv/put"))
            .run()
            .exitCode();
    assertTrue(code != TIME_OUT, "curl waited in vain");
  }

  @Test
  void transactionsNestedDeeplyAreAnsweredAsJson() throws IOException {
    String begin = "{\"success\":[{\"request_txn\":".repeat(NESTED);
    Path body = folder.resolve("nested");
    Files.writeString(body, begin + "{}" + "}]}".repeat(NESTED));
    Curl.Answer answer = new Curl(SHARED.server()).get("/v3/kv/txn", "--data-binary", "@" + body);
    assertEquals(200, answer.status(), answer::body);
    assertEquals(NESTED, answer.body().split("response_txn", -1).length - 1);
  }

  @Test
  void transactionsNestedDeeplyAreAnsweredByGrpc() {
    try (Http2Connection connection = watching()) {
      connection.call(3, "h", "/etcdserverpb.KV/Txn").message(3, true, nested());
      Http2Connection.Answer answer = connection.end(3);
      assertEquals("0", answer.header("grpc-status"), answer.header("grpc-message"));
      assertTrue(answer.bodyBytes() > NESTED);
    }
  }

  /** From the inside; octet by octet, because protobuf's own builder would count the depth. */
  private static byte[] nested() {
    byte[] inner = {};
    for (int i = 0; i < NESTED; i++) {
      // TxnRequest.success, and in it RequestOp.request_txn.
      inner = field(2, field(4, inner));
    }
    return inner;
  }

  private static byte[] field(int number, byte[] value) {
    List<Integer> head = new ArrayList<>(List.of(number << 3 | 2));
    int rest = value.length;
    while (rest >= 0x80) {
      head.add(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    head.add(rest);
    byte[] all = new byte[head.size() + value.length];
    for (int i = 0; i < head.size(); i++) {
      all[i] = head.get(i).byteValue();
    }
    System.arraycopy(value, 0, all, head.size(), value.length);
    return all;
  }

  @Test
  void aBodyCutShortIsNoErrorOfTheServer() {
    try (Http1Connection connection = Http1Connection.open(port())) {
      String whole = post("", "/v3/kv/put", put("cut", "v"));
      connection.raw(whole.substring(0, whole.length() - 5));
    }
    try (Http1Connection connection = Http1Connection.open(port())) {
      connection.raw(post("", "/v3/kv/put", put("whole", "v")));
      assertEquals(200, connection.answer().status());
    }
  }
}
