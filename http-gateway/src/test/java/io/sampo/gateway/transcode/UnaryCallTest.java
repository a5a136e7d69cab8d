package io.sampo.gateway.transcode;

import static io.sampo.gateway.transcode.GatewayFixture.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.sampo.gateway.transcode.GatewayFixture.Answer;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import io.sampo.protocol.etcdserverpb.RpcProto;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every expectation here is what etcd 3.7.1 answered to the same request. */
class UnaryCallTest {
  private static final String FOUND =
      "{\"header\":{\"cluster_id\":\"5211519669624808227\",\"member_id\":\"10444118659846891551\","
          + "\"revision\":\"2\",\"raft_term\":\"2\"},\"kvs\":[{\"key\":\"Zm9v\","
          + "\"create_revision\":\"2\",\"mod_revision\":\"2\",\"version\":\"1\","
          + "\"value\":\"YmFy\"}],\"count\":\"1\"}";

  private static final ActorSystem SYSTEM = ActorSystem.create("gateway-test");

  private final GatewayFixture fixture = new GatewayFixture(SYSTEM);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  private Answer range(String body) throws Exception {
    return fixture.send(post("/v3/kv/range", body));
  }

  @Test
  void answersInProtoNamesWithoutDefaults() throws Exception {
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals(200, answer.status());
    assertEquals(FOUND, answer.body());
    assertEquals("application/json", answer.contentType());
    assertEquals("application/grpc", answer.header("Grpc-Metadata-Content-Type"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{\"key\":\"Zm9v\"} trailing",
        "{\"key\":\"Zm9v\"}{\"key\":\"eA==\"}",
        "{\"key\":\"Zm9v\",\"limit\":1.0}",
        "{\"key\":\"Zm9v\",\"limit\":1e1}",
        "{\"key\":\"Zm9v\",\"limit\":\"1.0e0\"}",
        "{\"key\":\"Zm9v\",\"limit\":100e-2}",
        "{\"key\":\"Zm9v\",\"limit\":\"1 2\"}",
        "{\"key\":\"Zm9v\",\"limit\":\"-0\"}",
        "{\"key\":\"Zm9v\",\"limit\":-9223372036854775808}",
        "{\"key\":\"Zm9v\\n\"}",
        "{\"key\":\"\\u005am9v\"}",
        "{\"key\":\"Zm9v\",\"sort_order\":2,\"sort_target\":\"KEY\"}",
        "{\"key\":\"Zm9v\",\"sortTarget\":\"NOPE\",\"nope\":{\"a\":[1,2,{\"b\":null}]}}",
        "{\"key\":\"Zm9v\",\"sort_order\":null,\"limit\":null}",
      })
  void inputIsTakenLeniently(String body) throws Exception {
    Answer answer = range(body);
    assertEquals(FOUND, answer.body());
    assertEquals(200, answer.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "null # proto: syntax error (line 1:1): unexpected token null",
        "[] # proto: syntax error (line 1:1): unexpected token [",
        "5 # proto: syntax error (line 1:1): unexpected token 5",
        "{ # unexpected EOF",
        "{\"key\":nul # unexpected EOF",
        "{\"key\":} # invalid character '}' looking for beginning of value",
        "x # invalid character 'x' looking for beginning of value",
        "[1,] # invalid character ']' looking for beginning of value",
        "[1 2] # invalid character '2' after array element",
        "{'name':1} # invalid character '\\\\'' looking for beginning of object key string",
        "{\"name\" 1} # invalid character '1' after object key",
        "{\"n\":\"x\",} # invalid character '}' looking for beginning of object key string",
        "{\"n\":\"x\" \"y\"} # invalid character '\\\"' after object key:value pair",
        "{\"n\":tru} # invalid character '}' in literal true (expecting 'e')",
        "{\"n\":01} # invalid character '1' after object key:value pair",
        "{\"n\":-} # invalid character '}' in numeric literal",
        "{\"n\":1.} # invalid character '}' after decimal point in numeric literal",
        "{\"n\":1e} # invalid character '}' in exponent of numeric literal",
        "{\"n\":\"a\\qb\"} # invalid character 'q' in string escape code",
        "{\"n\":\"a\tb\"} # invalid character '\\\\t' in string literal",
        "{\"n\":\"\\u12g4\"} # invalid character 'g' in \\\\u hexadecimal character escape",
        "{\"key\":5} # proto: (line 1:8): invalid value for bytes field key: 5",
        "{\"key\":\"!!\"} # proto: (line 1:8): invalid value for bytes field key: \\\"!!\\\"",
        "{\"key\":\"+_8=\"} # proto: (line 1:8): invalid value for bytes field key: \\\"+_8=\\\"",
        "{\"limit\":\"abc\"} # proto: (line 1:10): invalid value for int64 field limit: \\\"abc\\\"",
        "{\"limit\":1.5} # proto: (line 1:10): invalid value for int64 field limit: 1.5",
        "{\"limit\":\" 1\"} # proto: (line 1:10): invalid value for int64 field limit: \\\" 1\\\"",
        "{\"limit\":\"\"} # proto: (line 1:10): invalid value for int64 field limit: \\\"\\\"",
        "{\"limit\":\"{}\"} # proto: (line 1:10): invalid value for int64 field limit: \\\"{}\\\"",
        "{\"limit\":1e400} # proto: (line 1:10): invalid value for int64 field limit: 1e400",
        "{\"limit\":true} # proto: (line 1:10): invalid value for int64 field limit: true",
        "{\"limit\":9223372036854775808} # proto: (line 1:10): invalid value for int64 field limit:"
            + " 9223372036854775808",
        "{\"sort_order\":1.5} # proto: (line 1:15): invalid value for enum field sortOrder: 1.5",
        "{\"sort_order\":true} # proto: (line 1:15): invalid value for enum field sortOrder: true",
        "{\"serializable\":\"true\"} # proto: (line 1:17): invalid value for bool field"
            + " serializable: \\\"true\\\"",
        "{\"key\":[]} # proto: (line 1:8): invalid value for bytes field key: [",
        "{\"key\":{}} # proto: (line 1:8): invalid value for bytes field key: {",
        "{\"key\":\"Zm9v\",\"key\":\"Zm9v\"} # proto: (line 1:15): duplicate field \\\"key\\\"",
      })
  void badInputIsRefusedWithTheTextOfGo(String body, String message) throws Exception {
    Answer answer = range(body);
    assertEquals("{\"code\":3,\"message\":\"" + message + "\"}", answer.body());
    assertEquals(400, answer.status());
    assertEquals("application/json", answer.contentType());
    assertEquals("", answer.header("Grpc-Metadata-Content-Type"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "{\"compare\":{}} # proto: syntax error (line 1:12): unexpected token {",
        "{\"compare\":[null]} # proto: syntax error (line 1:13): unexpected token null",
        "`\n\n  {\"compare\":\n[\n   5]}` # proto: syntax error (line 3:4): unexpected token 5",
        "{\"success\":[{\"request_put\":\"x\"}]} # proto: syntax error (line 1:28): unexpected token"
            + " \\\"x\\\"",
        "{\"compare\":[{\"key\":\"Zm9v\",\"target\":\"VERSION\",\"version\":\"1\",\"value\":\"YmFy\"}]}"
            + " # proto: (line 1:60): error parsing \\\"value\\\", oneof"
            + " etcdserverpb.Compare.target_union is already set",
      })
  void badNestedInputIsRefusedWithTheTextOfGo(String body, String message) throws Exception {
    Answer answer = fixture.send(post("/v3/kv/txn", body));
    assertEquals("{\"code\":3,\"message\":\"" + message + "\"}", answer.body());
    assertEquals(400, answer.status());
  }

  @Test
  void nullLeavesAMemberOfAOneofFree() throws Exception {
    String body = "{\"success\":[{\"request_put\":{\"key\":\"eA==\"},\"request_range\":null}]}";
    assertEquals(200, fixture.send(post("/v3/kv/txn", body)).status());
    assertTrue(fixture.kv.lastTxn.getSuccess(0).hasRequestPut());
  }

  @Test
  void namesMayBeCamelCase() throws Exception {
    range("{\"key\":\"Zm9v\",\"rangeEnd\":\"Zm9w\",\"keysOnly\":true,\"sort_order\":\"DESCEND\"}");
    assertEquals(ByteString.copyFromUtf8("fop"), fixture.kv.lastRange.getRangeEnd());
    assertTrue(fixture.kv.lastRange.getKeysOnly());
    assertEquals(SortOrder.DESCEND, fixture.kv.lastRange.getSortOrder());
  }

  @Test
  void anUnknownEnumNumberIsKept() throws Exception {
    range("{\"key\":\"Zm9v\",\"sort_order\":77}");
    assertEquals(77, fixture.kv.lastRange.getSortOrderValue());
  }

  @Test
  void base64MayBeUnpaddedOrUrlSafe() throws Exception {
    byte[] bytes = {(byte) 0xfb, (byte) 0xff};
    for (String key : List.of("-_8", "-_8=", "+/8=", "+/8")) {
      range("{\"key\":\"" + key + "\"}");
      assertEquals(ByteString.copyFrom(bytes), fixture.kv.lastRange.getKey(), key);
    }
  }

  @Test
  void noBodyIsTheEmptyMessage() throws Exception {
    Answer answer = range("");
    assertEquals("{\"code\":3,\"message\":\"etcdserver: key is not provided\"}", answer.body());
    assertEquals(400, answer.status());
  }

  @Test
  void invalidUtf8IsRefused() throws Exception {
    byte[] body = {'{', '"', 'k', 'e', 'y', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'};
    Answer answer =
        fixture.send(
            HttpRequest.POST("/v3/kv/range")
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body)));
    assertEquals(
        "{\"code\":3,\"message\":\"proto: syntax error (line 1:8): invalid UTF-8 in string\"}",
        answer.body());
  }

  @Test
  void aLoneSurrogateIsRefused() throws Exception {
    assertEquals(
        "{\"code\":3,\"message\":\"proto: syntax error (line 1:7): invalid escape code"
            + " \\\"\\\\\\\",\\\\\\\"pas\\\" in string\"}",
        range("{\"n1\":\"\\ud800\",\"password\":\"p\"}").body());
  }

  @Test
  void onlyPostIsAMethod() throws Exception {
    for (var method : List.of(HttpMethods.GET, HttpMethods.PUT, HttpMethods.HEAD)) {
      Answer answer = fixture.send(HttpRequest.create("/v3/kv/range").withMethod(method));
      assertEquals(501, answer.status());
      assertEquals("{\"code\":12,\"message\":\"Method Not Allowed\"}", answer.body());
    }
  }

  @Test
  void unknownPathsAreNotFound() throws Exception {
    for (String path : List.of("/v3/nope", "/v3/", "/v3/kv/range/", "/v3/kv/rangestream")) {
      Answer answer = fixture.send(post(path, "{}"));
      assertEquals(404, answer.status(), path);
      assertEquals("{\"code\":5,\"message\":\"Not Found\"}", answer.body());
      assertEquals("application/json", answer.contentType());
    }
  }

  @Test
  void anEscapedPathIsTheSamePath() throws Exception {
    assertEquals(200, fixture.send(post("/v3/kv/%72ange", "{\"key\":\"Zm9v\"}")).status());
  }

  @Test
  void additionalBindingsAreBound() throws Exception {
    for (String path : List.of("/v3/lease/timetolive", "/v3/kv/lease/timetolive")) {
      assertEquals(
          "{\"ID\":\"77\",\"TTL\":\"-1\"}", fixture.send(post(path, "{\"ID\":77}")).body());
    }
  }

  @Test
  void theContentTypeOfTheRequestDoesNotMatter() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/v3/kv/range")
            .withEntity(ContentTypes.TEXT_PLAIN_UTF8, "{\"key\":\"Zm9v\"}");
    assertEquals(FOUND, fixture.send(request).body());
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED,499,1",
    "UNKNOWN,500,2",
    "INVALID_ARGUMENT,400,3",
    "DEADLINE_EXCEEDED,504,4",
    "NOT_FOUND,404,5",
    "ALREADY_EXISTS,409,6",
    "PERMISSION_DENIED,403,7",
    "RESOURCE_EXHAUSTED,429,8",
    "FAILED_PRECONDITION,400,9",
    "ABORTED,409,10",
    "OUT_OF_RANGE,400,11",
    "UNIMPLEMENTED,501,12",
    "INTERNAL,500,13",
    "UNAVAILABLE,503,14",
    "DATA_LOSS,500,15",
    "UNAUTHENTICATED,401,16",
  })
  void errorsHaveTheirStatus(Status.Code code, int status, int number) throws Exception {
    fixture.kv.failure = new EtcdException(code, "a <text> & \"more\"\u2028");
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals(status, answer.status());
    assertEquals(
        "{\"code\":" + number + ",\"message\":\"a <text> & \\\"more\\\"\u2028\"}", answer.body());
  }

  @Test
  void aBadTokenIsChallenged() throws Exception {
    fixture.kv.failure = EtcdError.INVALID_AUTH_TOKEN.exception();
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals("etcdserver: invalid auth token", answer.header("Www-Authenticate"));
  }

  @Test
  void anUnexpectedFailureKeepsItsTextInTheLog() throws Exception {
    fixture.kv.failure = new IllegalStateException("secret");
    Answer answer = range("{\"key\":\"Zm9v\"}");
    assertEquals(500, answer.status());
    assertFalse(answer.body().contains("secret"));
  }

  @Test
  void messagesAboveTheLimitAreRefused() throws Exception {
    String value = "A".repeat(2_200_000 / 3 * 4);
    Answer answer =
        fixture.send(post("/v3/kv/put", "{\"key\":\"eA==\",\"value\":\"" + value + "\"}"));
    assertEquals(429, answer.status());
    assertEquals(
        "{\"code\":8,\"message\":\"grpc: received message larger than max (2200007 vs. 2097152)\"}",
        answer.body());
  }

  @Test
  void aLongBodyOfASmallMessageIsTaken() throws Exception {
    String ignored = "A".repeat(8_000_000);
    assertEquals(
        200,
        fixture
            .send(post("/v3/kv/put", "{\"key\":\"eA==\",\"nope\":\"" + ignored + "\"}"))
            .status());
  }

  @Test
  void aBodyInPiecesIsReadToItsEnd() throws Exception {
    HttpRequest request =
        HttpRequest.POST("/v3/kv/range")
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.APPLICATION_JSON,
                    Source.from(List.of("{\"ke", "y\":\"Zm", "9v\"", "}"))
                        .map(org.apache.pekko.util.ByteString::fromString)));
    assertEquals(FOUND, fixture.send(request).body());
  }

  @Test
  void aBodyBeyondAllBoundsIsRefused() throws Exception {
    org.apache.pekko.util.ByteString piece =
        org.apache.pekko.util.ByteString.fromString(" ".repeat(1 << 20));
    HttpRequest request =
        HttpRequest.POST("/v3/kv/range")
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.APPLICATION_JSON, Source.repeat(piece).take(17)));
    Answer answer = fixture.send(request);
    assertEquals(429, answer.status());
    assertEquals(
        "{\"code\":8,\"message\":\"grpc: received message larger than max (17825792 vs."
            + " 2097152)\"}",
        answer.body());
  }

  @Test
  void headersBecomeMetadata() throws Exception {
    fixture.send(
        post("/v3/kv/range", "{\"key\":\"Zm9v\"}")
            .addHeader(RawHeader.create("Authorization", "a.token"))
            .addHeader(RawHeader.create("Grpc-Metadata-Client-Api-Version", "3.7"))
            .addHeader(RawHeader.create("User-Agent", "curl"))
            .addHeader(RawHeader.create("X-Other", "stays")));
    var metadata = fixture.kv.lastMetadata;
    assertEquals("a.token", metadata.getText("authorization").orElseThrow());
    assertEquals("a.token", metadata.getText("grpcgateway-authorization").orElseThrow());
    assertEquals("3.7", metadata.getText("client-api-version").orElseThrow());
    assertEquals("curl", metadata.getText("grpcgateway-user-agent").orElseThrow());
    assertTrue(metadata.getText("x-other").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "Grpc-Timeout,1x,invalid grpc-timeout: 1x",
    "Grpc-Timeout,1,invalid grpc-timeout: 1",
    "Grpc-Metadata-X-Bin,!!,invalid binary header Grpc-Metadata-X-Bin: illegal base64 data at input"
        + " byte 0",
  })
  void badHeadersAreRefused(String name, String value, String message) throws Exception {
    Answer answer =
        fixture.send(
            post("/v3/kv/range", "{\"key\":\"Zm9v\"}").addHeader(RawHeader.create(name, value)));
    assertEquals(400, answer.status());
    assertEquals("{\"code\":3,\"message\":\"" + message + "\"}", answer.body());
  }

  @Test
  void theDeadlineOfTheRequestEndsIt() throws Exception {
    fixture.kv.silent = true;
    Answer answer =
        fixture.send(
            post("/v3/kv/range", "{\"key\":\"Zm9v\"}")
                .addHeader(RawHeader.create("Grpc-Timeout", "1n")));
    assertEquals(504, answer.status());
    assertEquals("{\"code\":4,\"message\":\"context deadline exceeded\"}", answer.body());
  }

  @Test
  void aServiceMustImplementItsDescriptor() {
    var kv = RpcProto.getDescriptor().findServiceByName("KV");
    org.junit.jupiter.api.Assertions.assertThrows(
        IllegalArgumentException.class,
        () ->
            new JsonGateway(
                List.of(new ServiceBinding(fixture.lease, kv)), 1024, fixture.materializer));
  }
}
