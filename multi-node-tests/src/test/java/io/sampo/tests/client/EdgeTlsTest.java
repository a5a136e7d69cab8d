package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Large answers over TLS, however the connection ends; and a whitelist of hosts without TLS. */
@RequiresTool({"curl", "openssl"})
class EdgeTlsTest {
  private static final int VALUES = 9;
  private static final int VALUE_BYTES = 1_000_000;

  /** In base64. */
  private static final int VALUE_CHARACTERS = (VALUE_BYTES + 2) / 3 * 4;

  @TempDir static Path folder;

  private static ServerUnderTest server;

  @BeforeAll
  static void start() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"),
            "--host-whitelist=127.0.0.1,foo");
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      String value = "v".repeat(VALUE_BYTES);
      for (int i = 0; i < VALUES; i++) {
        new Etcd(client)
            .put(
                PutRequest.newBuilder()
                    .setKey(Etcd.bytes("large/" + i))
                    .setValue(Etcd.bytes(value)));
      }
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--http1.1", "--http1.1 -H Connection:close", "--http1.0 --no-alpn", "--http2"})
  void anAnswerOfTwelveMegabytesIsWhole(String options) {
    List<String> words = new ArrayList<>(List.of("curl", "-sSk", "-m", "15"));
    words.addAll(List.of(options.split(" ")));
    String body =
        "{\"key\":\"%s\",\"range_end\":\"%s\"}"
            .formatted(Curl.base64("large/"), Curl.base64("large0"));
    words.addAll(List.of("-d", body, server.tlsUrl() + "/v3/kv/range"));
    String answer = Command.of(words).run().succeeded().out();
    JsonObject json = JsonParser.parseString(answer).getAsJsonObject();
    assertEquals(VALUES, json.getAsJsonArray("kvs").size());
    for (JsonElement kv : json.getAsJsonArray("kvs")) {
      assertEquals(VALUE_CHARACTERS, kv.getAsJsonObject().get("value").getAsString().length());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /health HTTP/1.1~Host: foo       | 200",
        "GET /health HTTP/1.1~Host: foo:99999 | 200",
        "GET /health HTTP/1.1~Host: FOO       | 421",
        "GET /health HTTP/1.1~Host: bar       | 421",
        "GET /health HTTP/1.1~Host:           | 421",
        "GET /health HTTP/1.0                 | 421",
        "OPTIONS / HTTP/1.0                   | 421",
      })
  void aWhitelistIsComparedLetterByLetter(String lines, int status) {
    try (Http1Connection connection = Http1Connection.open(server.clientPort())) {
      connection.head(lines.replace("~", "\n"));
      assertEquals(status, connection.answer().status());
    }
  }

  @Test
  void aWhitelistIsNotForTls() {
    String out =
        Command.of(
                List.of("curl", "-sSk", "-m", "15", "-H", "Host: bar", server.tlsUrl() + "/health"))
            .run()
            .succeeded()
            .out();
    assertTrue(out.contains("\"health\":\"true\""), out);
  }
}
