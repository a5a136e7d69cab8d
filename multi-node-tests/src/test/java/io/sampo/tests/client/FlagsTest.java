package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Flags whose effect a user sees at a running server only: many of them at one. */
class FlagsTest {
  private static final int HTTP = FreePorts.take();
  private static final int METRICS = FreePorts.take();
  private static final int SECURE = FreePorts.take();
  private static final int PEER = FreePorts.take();

  private static ServerUnderTest server;

  @BeforeAll
  static void start() {
    String peer = "https://127.0.0.1:" + PEER;
    server =
        ServerUnderTest.preparedOn(
            ServerProgram.underTest(),
            null,
            "--listen-client-http-urls=" + url(HTTP),
            "--listen-metrics-urls=" + url(METRICS) + ",https://127.0.0.1:" + SECURE,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=m1=" + peer,
            "--auto-tls",
            "--peer-auto-tls",
            "--self-signed-cert-validity=2",
            "--metrics=extensive",
            "--max-request-bytes=2000",
            "--warning-unary-request-duration=1ns",
            "--warning-apply-duration=1ns",
            "--compaction-batch-limit=1",
            "--compaction-sleep-interval=400ms");
    server.launch();
    Await.until(
        Duration.ofMinutes(4),
        () -> "not ready:\n" + server.log(),
        () -> Http.tryGet(url(HTTP) + "/health").filter(it -> it.status() == 200).isPresent());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  private static Http.Answer put(String value) {
    String body = "{\"key\": \"aw==\", \"value\": \"%s\"}".formatted(value);
    return Http.send("POST", url(HTTP) + "/v3/kv/put", body);
  }

  @Test
  void eachPortServesWhatItIsFor() {
    assertEquals(200, put("").status());
    assertTrue(Http.tryGet(server.url() + "/health").isEmpty());
    putByGrpc();
    String metrics = Http.tryGet(url(METRICS) + "/metrics").orElseThrow().body();
    assertTrue(metrics.contains("grpc_server_handling_seconds_bucket"), metrics);
    assertEquals(404, Http.tryGet(url(METRICS) + "/version").orElseThrow().status());
  }

  private static void putByGrpc() {
    try (GrpcClient client = new GrpcClient(server.endpoint())) {
      new Etcd(client).put(PutRequest.newBuilder().setKey(Etcd.bytes("grpc")));
    }
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() {
    assertEquals(200, put("A".repeat(2_000)).status());
    Http.Answer refusal = put("A".repeat(4_000));
    assertTrue(refusal.body().contains("etcdserver: request is too large"), refusal.body());
  }

  @Test
  void slowRequestsAreWarnedOf() {
    putByGrpc();
    String log = server.log();
    assertTrue(log.contains("\"msg\":\"apply request took too long\",\"took\":"), log);
    String stats =
        log.lines()
            .filter(line -> line.contains("\"request stats\"") && line.contains("grpc\\\""))
            .findFirst()
            .orElseThrow();
    assertTrue(
        stats.matches(
            ".*\"start time\":\"2.*\",\"time spent\":\".*s\",\"remote\":\"127.0.0.1:\\d+\","
                + "\"response type\":\"/etcdserverpb.KV/Put\",\"request count\":1,"
                + "\"request size\":6,\"response count\":0,\"response size\":\\d+,"
                + "\"request content\":\"key:\\\\\"grpc\\\\\" \"}"),
        stats);
  }

  /** Four revisions in steps of one, with a pause behind each but the last. */
  @Test
  void aCompactionTakesItsTime() {
    for (int i = 0; i < 4; i++) {
      put("");
    }
    String revision = put("").body().replaceAll("(?s).*\"revision\": *\"(\\d+)\".*", "$1");
    long begin = System.nanoTime();
    Http.Answer answer =
        Http.send(
            "POST",
            url(HTTP) + "/v3/kv/compaction",
            "{\"revision\": \"%s\", \"physical\": true}".formatted(revision));
    assertEquals(200, answer.status(), answer.body());
    assertTrue(System.nanoTime() - begin > 3 * 400_000_000L);
  }

  @Test
  void certificatesAreMadeAtTheStart() throws Exception {
    for (int port : new int[] {SECURE, PEER}) {
      X509Certificate certificate = certificate(port);
      long days =
          Duration.between(
                  certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant())
              .toDays();
      assertEquals(2 * 365, days, certificate.toString());
    }
  }

  private static X509Certificate certificate(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
