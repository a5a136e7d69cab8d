package io.sampo.tests.abuse;

import io.sampo.tests.load.Frame;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The connections of one abuse to one server, and what is to be said about them. */
final class RudeClients implements AutoCloseable {
  private static final Duration FIRST_ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(20);

  private final ServerUnderTest server;
  private final List<RudeConnection> connections = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> unmet = new ArrayList<>();

  RudeClients(ServerUnderTest server) {
    this.server = server;
  }

  ServerUnderTest server() {
    return server;
  }

  /** The port that speaks TLS with clients. */
  int tlsPort() {
    return URI.create(server.tlsUrl()).getPort();
  }

  RudeConnection connect() throws IOException {
    return connect(server.clientPort());
  }

  RudeConnection connect(int port) throws IOException {
    RudeConnection connection = RudeConnection.open(port);
    connections.add(connection);
    return connection;
  }

  /** A connection that has begun HTTP/2 and has acknowledged the server's settings. */
  RudeConnection connectHttp2() throws IOException {
    RudeConnection connection = connect();
    long deadline = after(FIRST_ANSWER_LIMIT);
    connection.send(new FrameBytes().preface().bytes(), deadline);
    while (connection.answers().frames() == 0
        && !connection.isClosedByServer()
        && System.nanoTime() < deadline) {
      connection.poll();
      Await.pause(Duration.ofMillis(1));
    }
    connection.send(new FrameBytes().frame(Frame.SETTINGS, Frame.ACK, 0).bytes(), deadline);
    return connection;
  }

  /** The moment that a limit from now ends at. */
  static long after(Duration limit) {
    return System.nanoTime() + limit.toNanos();
  }

  /** Keeps all connections open until the server has closed them, or for so long. */
  void hold(Duration limit) {
    holdUntil(after(limit));
  }

  /** The same until a moment. */
  void holdUntil(long deadlineNanos) {
    holdUntil(deadlineNanos, RudeConnection::isClosedByServer);
  }

  /** The same until each was answered, which is expected of the server. */
  void awaitAnswers(long deadlineNanos) {
    Predicate<RudeConnection> isAnswered = each -> each.answers().isAnswered();
    holdUntil(deadlineNanos, isAnswered.or(RudeConnection::isClosedByServer));
    long answered = connections.stream().filter(isAnswered).count();
    expect(answered == connections.size(), answered + " of " + connections.size() + " answered");
  }

  private void holdUntil(long deadlineNanos, Predicate<RudeConnection> isOver) {
    while (System.nanoTime() < deadlineNanos && !connections.stream().allMatch(isOver)) {
      connections.forEach(RudeConnection::poll);
      Await.pause(POLL_INTERVAL);
    }
  }

  /** Something beside what is counted of every abuse. */
  void note(String text) {
    notes.add(text);
  }

  /** Notes what was found, and that it should be otherwise if the condition does not hold. */
  void expect(boolean condition, String found) {
    notes.add(found);
    if (!condition) {
      unmet.add(found);
    }
  }

  List<String> unmet() {
    return List.copyOf(unmet);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  List<RudeConnection> connections() {
    return List.copyOf(connections);
  }

  @Override
  public void close() {
    connections.forEach(RudeConnection::close);
  }
}
