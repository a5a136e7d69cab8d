package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.tls.Authority;
import io.sampo.node.tls.TlsContext;
import io.sampo.node.tls.TlsSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real sockets; what is spoken is an echo unless a test says otherwise. */
class PortTest {
  private static final int WAIT_SECONDS = 20;

  private final ActorTestKit kit = ActorTestKit.create();
  private final BlockingQueue<Connection> served = new LinkedBlockingQueue<>();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private Port bind(
      Optional<TlsContext> tls,
      List<String> protocols,
      ConnectionLimit limit,
      ConnectionProtocol protocol)
      throws Exception {
    return bind(tls, false, protocols, limit, protocol);
  }

  private Port bind(
      Optional<TlsContext> tls,
      boolean plainToo,
      List<String> protocols,
      ConnectionLimit limit,
      ConnectionProtocol protocol)
      throws Exception {
    return bind(tls, plainToo, protocols, limit, protocol, 0, Reuse.DEFAULTS);
  }

  private Port bind(
      Optional<TlsContext> tls,
      boolean plainToo,
      List<String> protocols,
      ConnectionLimit limit,
      ConnectionProtocol protocol,
      int number,
      Reuse reuse)
      throws Exception {
    var settings =
        new Port.Settings(
            tls,
            plainToo,
            protocols,
            Duration.ofSeconds(WAIT_SECONDS),
            Optional.empty(),
            "rejected",
            Dispatchers.DefaultDispatcherId(),
            reuse);
    return Port.bind(
            kit.system(), new InetSocketAddress("127.0.0.1", number), settings, limit, protocol)
        .toCompletableFuture()
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private Port bindEcho(int places, Runnable onFull) throws Exception {
    return bind(
        Optional.empty(),
        List.of(),
        new ConnectionLimit(places, onFull),
        connection -> {
          served.add(connection);
          return Flow.create();
        });
  }

  private static Socket connect(Port port) throws IOException {
    Socket socket = new Socket("127.0.0.1", tcpPort(port));
    socket.setSoTimeout(WAIT_SECONDS * 1000);
    return socket;
  }

  private static int tcpPort(Port port) {
    return ((InetSocketAddress) port.localAddress()).getPort();
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hear(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }

  private Connection awaitServed() throws InterruptedException {
    return served.poll(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void whoComesWhenItIsFullWaitsForAPlace() throws Exception {
    CompletableFuture<Done> full = new CompletableFuture<>();
    Port port = bindEcho(1, () -> full.complete(Done.getInstance()));
    try (Socket first = connect(port);
        Socket second = connect(port)) {
      say(first, "a");
      assertEquals("a", hear(first, 1));
      full.get(WAIT_SECONDS, TimeUnit.SECONDS);
      say(second, "b");
      awaitServed();
      assertEquals(0, served.size());
      first.shutdownOutput();
      assertEquals("b", hear(second, 1));
    }
  }

  @Test
  void itIsDrainedWhenTheLastOneHasGone() throws Exception {
    Port port = bindEcho(9, () -> {});
    try (Socket client = connect(port)) {
      CompletableFuture<Done> told = new CompletableFuture<>();
      awaitServed().onDrain(() -> told.complete(Done.getInstance()));
      say(client, "a");
      CompletableFuture<Done> drained = port.drain();
      told.get(WAIT_SECONDS, TimeUnit.SECONDS);
      assertEquals("a", hear(client, 1));
      assertFalse(drained.isDone());
      client.shutdownOutput();
      drained.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoComesLaterIsToldToGoAtOnce() throws Exception {
    Port port = bindEcho(9, () -> {});
    port.drain().get(WAIT_SECONDS, TimeUnit.SECONDS);
    try (Socket client = connect(port)) {
      say(client, "a");
      CompletableFuture<Done> told = new CompletableFuture<>();
      awaitServed().onDrain(() -> told.complete(Done.getInstance()));
      told.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatHasNoEndIsBroken() throws Exception {
    Port port = bindEcho(9, () -> {});
    try (Socket client = connect(port)) {
      say(client, "a");
      assertEquals("a", hear(client, 1));
      CompletableFuture<Done> drained = port.drain();
      port.breakConnections();
      assertThrows(IOException.class, () -> hearTheEnd(client));
      drained.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** It would not see the answer if the system broke the connection for bytes that nobody reads. */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void whoStillSendsIsReadOnForAWhile(boolean tls) throws Exception {
    Authority.Issued server = new Authority(folder, "ca").issue("server", "127.0.0.1");
    Port port = bindRefusing(tls, server);
    try (Socket client = tls ? connectTls(port, server) : connect(port)) {
      say(client, "a");
      assertEquals("no", hear(client, 2));
      if (!tls) {
        say(client, "b".repeat(100_000));
        client.shutdownOutput();
      }
      assertEquals(-1, client.getInputStream().read());
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "5000000"})
  void nobodyIsReadForEver(int more) throws Exception {
    Port port = bindRefusing(false, null);
    try (Socket client = connect(port)) {
      say(client, "a");
      assertEquals("no", hear(client, 2));
      awaitServed();
      assertThrows(
          IOException.class,
          () -> {
            say(client, "b".repeat(more));
            hearTheEnd(client);
          });
      port.drain().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Says no to whatever comes first, and that its client still sends. */
  private Port bindRefusing(boolean tls, Authority.Issued server) throws Exception {
    return bind(
        tls ? Optional.of(context(server)) : Optional.empty(),
        List.of(),
        new ConnectionLimit(9, () -> {}),
        connection -> {
          served.add(connection);
          connection.endsWhileClientSends();
          return Flow.<ByteString>create().take(1).map(first -> ByteString.fromString("no"));
        });
  }

  private static void hearTheEnd(Socket client) throws IOException {
    if (client.getInputStream().read() < 0) {
      throw new IOException("closed");
    }
  }

  @Test
  void nobodyComesToAPortThatIsNotListenedOn() throws Exception {
    Port port = bindEcho(9, () -> {});
    try (Socket client = connect(port)) {
      awaitServed();
      port.unbind().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThrows(ConnectException.class, () -> connect(port).close());
      say(client, "stays");
      assertEquals("stays", hear(client, 5));
    }
  }

  /** Without ALPN, as older clients come, the first bytes decide behind TLS too. */
  @ParameterizedTest
  @CsvSource({
    "h2, anything, 2",
    "http/1.1, GET / HTTP/1.1~, 1",
    "http/1.1, anything, 1",
    "'', GET / HTTP/1.1~, 1",
    "'', PRI * HTTP/2.0~~SM~~, 2",
  })
  void behindTlsWhatWasAgreedIsSpoken(String alpn, String text, String protocol) throws Exception {
    Authority authority = new Authority(folder, "ca");
    Authority.Issued server = authority.issue("server", "127.0.0.1");
    Port port =
        bind(
            Optional.of(context(server)),
            List.of("h2", "http/1.1"),
            new ConnectionLimit(9, () -> {}),
            connection ->
                Flow.fromGraph(
                    new ProtocolSwitch(
                        connection,
                        Optional.of(ProtocolSwitchTest.named("1")),
                        Optional.of(ProtocolSwitchTest.named("2")))));
    String said = text.replace("~", "\r\n");
    try (SSLSocket client = connectTls(port, server)) {
      SSLParameters parameters = client.getSSLParameters();
      parameters.setApplicationProtocols(alpn.isEmpty() ? new String[0] : new String[] {alpn});
      client.setSSLParameters(parameters);
      say(client, said);
      assertEquals(protocol + ":" + said, hear(client, said.length() + 2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, GET / HTTP/1.1~, plain1",
    "false, PRI * HTTP/2.0~~SM~~, plain2",
    "true, GET / HTTP/1.1~, secure1",
    "true, PRI * HTTP/2.0~~SM~~, secure2",
  })
  void onePortServesBothSchemes(boolean tls, String text, String protocol) throws Exception {
    Authority.Issued server = new Authority(folder, "ca").issue("server", "127.0.0.1");
    Port port = bindBothSchemes(server);
    String said = text.replace("~", "\r\n");
    try (Socket client = tls ? connectTls(port, server) : connect(port)) {
      say(client, said);
      String expected = protocol + ":" + said;
      assertEquals(expected, hear(client, expected.length()));
    }
  }

  @Test
  void whatIsNoSchemeIsEndedByTls() throws Exception {
    Authority.Issued server = new Authority(folder, "ca").issue("server", "127.0.0.1");
    Port port = bindBothSchemes(server);
    try (Socket client = connect(port)) {
      say(client, "nonsense\n");
      assertEquals(21, client.getInputStream().read());
      client.getInputStream().readAllBytes();
    }
  }

  private Port bindBothSchemes(Authority.Issued server) throws Exception {
    return bind(
        Optional.of(context(server)),
        true,
        List.of("h2", "http/1.1"),
        new ConnectionLimit(9, () -> {}),
        connection -> {
          String scheme = connection.isSecure() ? "secure" : "plain";
          return Flow.fromGraph(
              new ProtocolSwitch(
                  connection,
                  Optional.of(ProtocolSwitchTest.named(scheme + 1)),
                  Optional.of(ProtocolSwitchTest.named(scheme + 2))));
        });
  }

  private Port bindEcho(int number, Reuse reuse) throws Exception {
    ConnectionLimit limit = new ConnectionLimit(9, () -> {});
    return bind(Optional.empty(), false, List.of(), limit, each -> Flow.create(), number, reuse);
  }

  @Test
  void whoSaysSoSharesAPortWithOthersWhoDo() throws Exception {
    Port first = bindEcho(0, new Reuse(true, false));
    Port second = bindEcho(tcpPort(first), new Reuse(true, false));
    assertEquals(first.localAddress(), second.localAddress());
    assertThrows(ExecutionException.class, () -> bindEcho(tcpPort(first), Reuse.DEFAULTS));
    first.unbind().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    try (Socket client = connect(second)) {
      say(client, "a");
      assertEquals("a", hear(client, 1));
    }
  }

  /** A connection that the server ended keeps the port for a minute otherwise. */
  @Test
  void anAddressIsTakenAgainThoughConnectionsAreNotQuiteOver() throws Exception {
    Reuse reuse = new Reuse(false, true);
    Port first = bindEcho(0, reuse);
    try (Socket client = connect(first)) {
      say(client, "a");
      assertEquals("a", hear(client, 1));
      first.breakConnections();
      first.unbind().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
    assertEquals(tcpPort(first), tcpPort(bindEcho(tcpPort(first), reuse)));
  }

  private static TlsContext context(Authority.Issued server) throws Exception {
    return TlsContext.open(
        new TlsSettings(
            new TlsSettings.Files(server.cert(), server.key(), "", "", "", ""),
            false,
            List.of(),
            List.of(),
            false,
            false,
            new TlsSettings.Protocol(List.of(), "", "")));
  }

  private static SSLSocket connectTls(Port port, Authority.Issued trusted) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("server", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", tcpPort(port));
    socket.setSoTimeout(WAIT_SECONDS * 1000);
    return socket;
  }
}
