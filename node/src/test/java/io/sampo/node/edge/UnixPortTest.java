package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.tls.AddressText;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.stream.javadsl.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets in the file system; what is spoken is an echo. */
class UnixPortTest {
  private static final int WAIT_SECONDS = 20;

  private final ActorTestKit kit = ActorTestKit.create();
  private final BlockingQueue<Connection> served = new LinkedBlockingQueue<>();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private Port bind(Path file, int places) throws Exception {
    var settings =
        new Port.Settings(
            Optional.empty(),
            false,
            List.of(),
            Duration.ofSeconds(WAIT_SECONDS),
            Optional.of(Duration.ofMinutes(1)),
            "rejected",
            Dispatchers.DefaultDispatcherId(),
            Reuse.DEFAULTS);
    return Port.bind(
            kit.system(),
            UnixDomainSocketAddress.of(file),
            settings,
            new ConnectionLimit(places, () -> {}),
            connection -> {
              served.add(connection);
              return Flow.create();
            })
        .toCompletableFuture()
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static SocketChannel connect(Path file) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(file));
  }

  private static void say(SocketChannel socket, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      socket.write(buffer);
    }
  }

  private static String hearAll(SocketChannel socket) throws IOException {
    ByteBuffer heard = ByteBuffer.allocate(8 << 20);
    while (socket.read(heard) >= 0) {}
    return new String(heard.array(), 0, heard.position(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsSaidIsAnsweredAlsoAfterTheClientHasEndedItsSide() throws Exception {
    Path file = folder.resolve("localhost:2379");
    bind(file, 9);
    try (SocketChannel client = connect(file)) {
      say(client, "hello".getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      assertEquals("hello", hearAll(client));
    }
    assertEquals("@", AddressText.of(served.take().remote()));
  }

  @Test
  void moreThanTheSocketTakesAtOnceArrivesWhole() throws Exception {
    Path file = folder.resolve("s");
    bind(file, 9);
    byte[] bytes = new byte[4 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    try (SocketChannel client = connect(file)) {
      CompletableFuture<String> heard =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return hearAll(client);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              },
              task -> new Thread(task).start());
      say(client, bytes);
      client.shutdownOutput();
      assertEquals(
          new String(bytes, StandardCharsets.ISO_8859_1),
          heard.get(WAIT_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void whoComesWhenItIsFullWaitsForAPlace() throws Exception {
    Path file = folder.resolve("s");
    bind(file, 1);
    try (SocketChannel first = connect(file);
        SocketChannel second = connect(file)) {
      say(second, new byte[] {'b'});
      second.shutdownOutput();
      say(first, new byte[] {'a'});
      first.shutdownOutput();
      assertEquals("a", hearAll(first));
      assertEquals("b", hearAll(second));
    }
  }

  @Test
  void whatHasNoEndIsBrokenAndTheFileIsRemoved() throws Exception {
    Path file = folder.resolve("s");
    Port port = bind(file, 9);
    try (SocketChannel client = connect(file)) {
      served.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      CompletableFuture<Done> drained = port.drain();
      assertFalse(drained.isDone());
      port.breakConnections();
      assertEquals("", hearAll(client));
      drained.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
    port.unbind().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertFalse(Files.exists(file));
    assertThrows(IOException.class, () -> connect(file).close());
  }

  @Test
  void aSocketThatWasLeftIsReplaced() throws Exception {
    Path file = folder.resolve("s");
    UnixListener.bind(new ChannelSelector(), UnixDomainSocketAddress.of(file), 1);
    bind(file, 9);
    try (SocketChannel client = connect(file)) {
      say(client, new byte[] {'a'});
      client.shutdownOutput();
      assertEquals("a", hearAll(client));
    }
  }

  @Test
  void whatNoListenerLeftIsNotRemoved() throws Exception {
    Path file = folder.resolve("file");
    Files.writeString(file, "content");
    assertEquals("listen unix " + file + ": bind: address already in use", failure(file));
    Path full = folder.resolve("full");
    Files.createDirectories(full.resolve("inner"));
    assertEquals("remove " + full + ": directory not empty", failure(full));
    assertEquals("content", Files.readString(file));
    assertTrue(Files.exists(full.resolve("inner")));
  }

  @Test
  void whyItCannotBeBoundIsSaidInGosWords() {
    Path missing = folder.resolve("missing/s");
    assertEquals("listen unix " + missing + ": bind: no such file or directory", failure(missing));
    Path tooLong = folder.resolve("x".repeat(120));
    assertEquals("listen unix " + tooLong + ": bind: invalid argument", failure(tooLong));
  }

  private static String failure(Path file) {
    EtcdUrl url = new EtcdUrl("unix://" + file, "unix", file.toString(), "");
    return assertThrows(ListenException.class, () -> ListenPorts.probe(url, Reuse.DEFAULTS))
        .getMessage();
  }
}
