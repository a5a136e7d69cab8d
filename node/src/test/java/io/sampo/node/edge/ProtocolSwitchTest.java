package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocols that say their name and what they heard; {@code ~} stands for a line's end. */
class ProtocolSwitchTest {
  private static final String PREFACE = "PRI * HTTP/2.0~~SM~~";

  private final ActorTestKit kit = ActorTestKit.create();
  private final Connection connection =
      new Connection(
          new InetSocketAddress("192.0.2.1", 1234),
          new InetSocketAddress("192.0.2.2", 2379),
          Optional.empty());
  private SourceQueueWithComplete<ByteString> client;
  private SinkQueueWithCancel<ByteString> answer;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  static ConnectionProtocol named(String name) {
    return connection ->
        Flow.<ByteString>create().prepend(Source.single(ByteString.fromString(name + ":")));
  }

  private void open(Optional<ConnectionProtocol> http1, Optional<ConnectionProtocol> http2) {
    open(new ProtocolSwitch(connection, http1, http2));
  }

  private void open(ProtocolSwitch between) {
    var both =
        Source.<ByteString>queue(128, OverflowStrategy.fail())
            .via(Flow.fromGraph(between))
            .toMat(Sink.queue(), Keep.both())
            .run(kit.system());
    client = both.first();
    answer = both.second();
  }

  private void openBoth() {
    open(Optional.of(named("1")), Optional.of(named("2")));
  }

  private void say(String text) {
    client.offer(ByteString.fromString(text.replace("~", "\r\n")));
  }

  private Optional<ByteString> next() throws Exception {
    return answer.pull().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private String readToEnd() throws Exception {
    StringBuilder text = new StringBuilder();
    for (var bytes = next(); bytes.isPresent(); bytes = next()) {
      text.append(bytes.get().utf8String());
    }
    return text.toString().replace("\r\n", "~");
  }

  @ParameterizedTest
  @CsvSource({
    PREFACE + "frames, 2",
    "POST / HTTP/1.1~Host: x~~body, 1",
    "PRI / HTTP/1.1~, 1",
    "GET / HTTP/1.0~~, 1",
  })
  void theFirstBytesMayComeOneByOne(String text, String protocol) throws Exception {
    openBoth();
    text.replace("~", "\r\n").chars().forEach(c -> say(String.valueOf((char) c)));
    client.complete();
    assertEquals(protocol + ":" + text, readToEnd());
  }

  @ParameterizedTest
  @CsvSource({PREFACE + "frames, 2", "GET / HTTP/1.1~Host: x~~, 1"})
  void theEndMayComeWithTheFirstBytes(String text, String protocol) throws Exception {
    openBoth();
    say(text);
    client.complete();
    assertEquals(protocol + ":" + text, readToEnd());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PRI * HTTP/2.0~~SM~", "GET / HT", "nonsense~"})
  void whatIsNoProtocolIsClosedWithoutAWord(String text) throws Exception {
    openBoth();
    if (!text.isEmpty()) {
      say(text);
    }
    client.complete();
    assertEquals("", readToEnd());
  }

  @ParameterizedTest
  @ValueSource(strings = {"P", "PRI * HTTP/2.0~~SM~", "GET / HT"})
  void aBeginThatDoesNotEndIsClosed(String text) throws Exception {
    open(
        new ProtocolSwitch(
            connection, Optional.of(named("1")), Optional.of(named("2")), Duration.ofMillis(30)));
    say(text);
    assertEquals("", readToEnd());
  }

  @Test
  void nonsenseIsClosedThoughTheClientWaits() throws Exception {
    openBoth();
    say("nonsense~");
    assertEquals("", readToEnd());
  }

  @Test
  void aProtocolThatIsNotSpokenHereIsClosed() throws Exception {
    open(Optional.empty(), Optional.of(named("2")));
    say("GET / HTTP/1.1~");
    assertEquals("", readToEnd());
    open(Optional.of(named("1")), Optional.empty());
    say(PREFACE);
    assertEquals("", readToEnd());
  }

  @Test
  void whoHasNotSaidEnoughGoesWhenTheNodeStops() throws Exception {
    openBoth();
    say("PRI");
    connection.drain();
    assertEquals("", readToEnd());
  }

  @Test
  void whatIsSpokenEndsByItselfWhenTheNodeStops() throws Exception {
    openBoth();
    say("GET / HTTP/1.1~");
    assertEquals("1:", next().orElseThrow().utf8String());
    connection.drain();
    say("more");
    client.complete();
    assertEquals("GET / HTTP/1.1~more", readToEnd());
  }

  @Test
  void aBrokenConnectionIsBrokenForItsProtocolToo() throws Exception {
    openBoth();
    say("GET / HTTP/1.1~");
    assertEquals("1:", next().orElseThrow().utf8String());
    client.fail(new IllegalStateException("reset by peer"));
    assertThrows(ExecutionException.class, this::readToEnd);
  }

  @Test
  void aProtocolThatEndsEndsTheConnection() throws Exception {
    open(
        Optional.of(
            connection -> Flow.fromSinkAndSource(Sink.cancelled(), Source.<ByteString>empty())),
        Optional.empty());
    say("GET / HTTP/1.1~");
    assertEquals("", readToEnd());
  }
}
