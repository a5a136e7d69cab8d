package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server behind the stage, and clients of Java's own TLS. */
class TlsStageTest {
  private static final int MEGABYTE = 1 << 20;

  private final ActorTestKit kit = ActorTestKit.create();
  private final CompletableFuture<TlsConnection> accepted = new CompletableFuture<>();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private int serve(Duration handshake, Flow<ByteString, ByteString, NotUsed> spoken)
      throws Exception {
    Authority.Issued issued = new Authority(folder, "ca").issue("server", "127.0.0.1");
    TlsContext context =
        TlsContext.open(
            new TlsSettings(
                new TlsSettings.Files(issued.cert(), issued.key(), "", "", "", ""),
                false,
                List.of(),
                List.of(),
                false,
                false,
                new TlsSettings.Protocol(List.of(), "", "")));
    return Tcp.get(Adapter.toClassic(kit.system()))
        .bind("127.0.0.1", 0)
        .to(
            Sink.foreach(
                incoming -> {
                  var connection =
                      new TlsConnection(
                          context,
                          incoming.localAddress(),
                          incoming.remoteAddress(),
                          List.of("h2", "http/1.1"),
                          "rejected",
                          Runnable::run);
                  accepted.complete(connection);
                  spoken
                      .join(BidiFlow.fromGraph(new TlsStage(connection, handshake)))
                      .join(incoming.flow())
                      .run(kit.system());
                }))
        .run(kit.system())
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS)
        .localAddress()
        .getPort();
  }

  private static SSLSocket connect(int port, String protocol, String... alpn) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    parameters.setProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static final class Credulous implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Answers the first bytes with many, and closes. */
  private static Flow<ByteString, ByteString, NotUsed> large(int megabytes) {
    ByteString megabyte = ByteString.fromArray(new byte[MEGABYTE]);
    return Flow.<ByteString>create()
        .take(1)
        .flatMapConcat(first -> Source.repeat(megabyte).take(megabytes));
  }

  private static long count(InputStream in) throws IOException {
    byte[] buffer = new byte[MEGABYTE];
    long count = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      count += read;
    }
    return count;
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, 1", "TLSv1.2, 100", "TLSv1.3, 1", "TLSv1.3, 100"})
  void everythingIsWrittenBeforeItCloses(String protocol, int megabytes) throws Exception {
    int port = serve(Duration.ofSeconds(20), large(megabytes));
    try (SSLSocket socket = connect(port, protocol)) {
      socket.getOutputStream().write('x');
      assertEquals((long) megabytes * MEGABYTE, count(socket.getInputStream()));
    }
  }

  @Test
  void aClientThatEndsItsSideIsAnsweredStill() throws Exception {
    int port =
        serve(
            Duration.ofSeconds(20),
            Flow.<ByteString>create()
                .fold(0, (sum, bytes) -> sum + bytes.size())
                .map(Object::toString)
                .map(ByteString::fromString));
    try (SSLSocket socket = connect(port, "TLSv1.3")) {
      socket.getOutputStream().write(new byte[3 * MEGABYTE]);
      socket.shutdownOutput();
      assertEquals("3145728", new String(socket.getInputStream().readAllBytes()));
    }
  }

  @Test
  void theProtocolIsAgreedUpon() throws Exception {
    int port = serve(Duration.ofSeconds(20), Flow.create());
    try (SSLSocket socket = connect(port, "TLSv1.3", "x", "http/1.1", "h2")) {
      socket.startHandshake();
      assertEquals("h2", socket.getApplicationProtocol());
      socket.getOutputStream().write('x');
      assertEquals('x', socket.getInputStream().read());
      assertEquals("h2", accepted.get(20, TimeUnit.SECONDS).applicationProtocol());
    }
  }

  @Test
  void aProtocolThatIsNotSpokenIsRefused() throws Exception {
    int port = serve(Duration.ofSeconds(20), Flow.create());
    try (SSLSocket socket = connect(port, "TLSv1.3", "http/1.0")) {
      assertThrows(IOException.class, socket::startHandshake);
    }
  }

  @Test
  void aHandshakeThatTakesTooLongIsClosed() throws Exception {
    int port = serve(Duration.ofMillis(50), Flow.create());
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      assertEquals(-1, socket.getInputStream().read());
      assertTrue(accepted.get(20, TimeUnit.SECONDS).session().isEmpty());
    }
  }
}
