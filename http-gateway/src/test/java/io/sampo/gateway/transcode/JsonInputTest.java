package io.sampo.gateway.transcode;

import static io.sampo.gateway.transcode.GatewayFixture.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.gateway.transcode.GatewayFixture.Answer;
import io.sampo.protocol.etcdserverpb.RangeRequest.SortOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What may be in a request body. Every expectation here is what etcd 3.7.1 answered to the same
 * request.
 */
class JsonInputTest {
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
  void bytesThatAreNotTextAreQuotedInHexadecimal() throws Exception {
    byte[] body = "{\"x\":\"\\ud83d?ude00\"}".getBytes(StandardCharsets.UTF_8);
    body[12] = (byte) 0xd9;
    Answer answer =
        fixture.send(
            HttpRequest.POST("/v3/kv/range")
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body)));
    assertEquals(
        "{\"code\":3,\"message\":\"proto: syntax error (line 1:6): invalid escape code"
            + " \\\"\\\\xd9ude00\\\" in string\"}",
        answer.body());
  }
}
