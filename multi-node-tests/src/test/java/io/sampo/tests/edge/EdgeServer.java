package io.sampo.tests.edge;

import com.google.gson.JsonParser;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One program as the cases need it: a server with and without TLS, one with a host whitelist. */
public final class EdgeServer implements AutoCloseable {

  private static final int LARGE_KEYS = 8;
  private static final int LARGE_VALUE_BYTES = 1_000_000;

  private final TempDirectory home;
  private final ServerUnderTest server;
  private final ServerUnderTest whitelist;

  private EdgeServer(TempDirectory home, ServerUnderTest server, ServerUnderTest whitelist) {
    this.home = home;
    this.server = server;
    this.whitelist = whitelist;
  }

  /** Both serve when this returns, and hold the keys that the cases ask for. */
  public static EdgeServer start(ServerProgram program) {
    TempDirectory home = TempDirectory.create("sampo-edge");
    Certificates certificates = new Certificates(home.path());
    certificates.authority("ca");
    certificates.issue("ca", "server");
    ServerUnderTest server =
        ServerUnderTest.start(
            program,
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"));
    try {
      ServerUnderTest whitelist = ServerUnderTest.start(program, "--host-whitelist=foo,127.0.0.1");
      EdgeServer started = new EdgeServer(home, server, whitelist);
      started.fill();
      return started;
    } catch (RuntimeException | Error e) {
      server.close();
      home.close();
      throw e;
    }
  }

  private void fill() {
    put("a", "1".getBytes(StandardCharsets.US_ASCII));
    byte[] large = new byte[LARGE_VALUE_BYTES];
    for (int i = 0; i < LARGE_KEYS; i++) {
      put("large" + i, large);
    }
  }

  private void put(String key, byte[] value) {
    Base64.Encoder base64 = Base64.getEncoder();
    String body =
        "{\"key\":\"%s\",\"value\":\"%s\"}"
            .formatted(
                base64.encodeToString(key.getBytes(StandardCharsets.US_ASCII)),
                base64.encodeToString(value));
    Http.Answer answer = Http.send("POST", server.url() + "/v3/kv/put", body);
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.toString());
    }
  }

  int port(EdgeCase.Wire wire) {
    return switch (wire) {
      case PLAIN -> server.clientPort();
      case WHITELIST -> whitelist.clientPort();
      case TLS, TLS_HTTP1, TLS_HTTP2 ->
          Integer.parseInt(server.tlsUrl().substring(server.tlsUrl().lastIndexOf(':') + 1));
    };
  }

  /** As it says of itself, {@code 3.7.1}. */
  public String version() {
    String body = Http.tryGet(server.url() + "/version").orElseThrow().body();
    return JsonParser.parseString(body).getAsJsonObject().get("etcdserver").getAsString();
  }

  @Override
  public void close() {
    whitelist.close();
    server.close();
    home.close();
  }
}
