package io.sampo.tests.abuse;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server that rude clients and a good one meet at. */
final class AbusedServer implements AutoCloseable {
  private static final String AUTHORITY = "ca";
  private static final String SERVER = "server";

  private final ServerUnderTest server;
  private final ServerProgram program;
  private final TempDirectory files;

  private AbusedServer(ServerProgram program, TempDirectory files, ServerUnderTest server) {
    this.program = program;
    this.files = files;
    this.server = server;
  }

  /** A new server, serving when this returns. */
  static AbusedServer start(ServerProgram program, List<String> flags, boolean tls, int fileLimit) {
    TempDirectory files = TempDirectory.create("sampo-abuse");
    try {
      List<String> all = new ArrayList<>(flags);
      if (tls) {
        all.addAll(certificateFlags(files));
      }
      ServerUnderTest server =
          ServerUnderTest.start(limited(program, fileLimit), all.toArray(String[]::new));
      return new AbusedServer(program, files, server);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private static ServerProgram limited(ServerProgram program, int fileLimit) {
    if (fileLimit == 0) {
      return program;
    }
    List<String> words = new ArrayList<>();
    words.addAll(List.of("prlimit", "--nofile=" + fileLimit + ":" + fileLimit));
    words.addAll(program.command());
    return new ServerProgram(program.name(), words);
  }

  private static List<String> certificateFlags(TempDirectory files) {
    Certificates certificates = new Certificates(files.path());
    certificates.authority(AUTHORITY);
    certificates.issue(AUTHORITY, SERVER);
    return List.of(
        "--cert-file=" + certificates.cert(SERVER),
        "--key-file=" + certificates.key(SERVER),
        "--peer-cert-file=" + certificates.cert(SERVER),
        "--peer-key-file=" + certificates.key(SERVER),
        "--peer-trusted-ca-file=" + certificates.cert(AUTHORITY));
  }

  /**
   * One abuse beside a good client.
   *
   * @param before how long the good client works alone first
   * @param after how long it goes on when the rude ones have left
   */
  Outcome suffer(Abuse abuse, Duration before, Duration after) throws IOException {
    try (GoodClient good = new GoodClient(server.endpoint())) {
      Await.pause(before);
      int linesBefore = (int) server.log().lines().count();
      good.reset();
      try (ServerMonitor monitor = new ServerMonitor(server.pid())) {
        long begin = System.nanoTime();
        RudeClients clients = attempt(abuse);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Await.pause(after);
        if (!server.isRunning()) {
          clients.expect(false, "the server has ended");
        }
        return Outcome.of(
            abuse.title(),
            program.name(),
            monitor,
            seconds,
            clients,
            good.experience(),
            LogFigures.of(server.log(), linesBefore));
      }
    }
  }

  /** The clients, who have left. */
  private RudeClients attempt(Abuse abuse) {
    RudeClients clients = new RudeClients(server);
    try (clients) {
      abuse.run(clients);
    } catch (IOException notConnected) {
      clients.note("connection %d: %s".formatted(clients.connections().size() + 1, notConnected));
    }
    return clients;
  }

  boolean isRunning() {
    return server.isRunning();
  }

  @Override
  public void close() {
    server.close();
    files.close();
  }
}
