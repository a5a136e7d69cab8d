package io.sampo.tests.abuse;

import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Watches whose clients leave without cancelling them.
 *
 * @param limit until when the server is to have forgotten all of them
 */
record AbandonedWatches(Departure how, int connections, int streams, Duration limit)
    implements Abuse {
  private static final Pattern WATCHERS =
      Pattern.compile("(?m)^etcd_debugging_mvcc_watcher_total (\\S+)");
  private static final Duration SEND_LIMIT = Duration.ofSeconds(10);

  /** How a client leaves. */
  enum Departure {
    FIN,
    RST,
    SILENCE
  }

  @Override
  public String title() {
    return "watches-" + how.name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public String what() {
    return "gRPC: %d watches on %d connections, abandoned by %s%s"
        .formatted(
            connections * streams,
            connections,
            how,
            how == Departure.SILENCE ? ", " + String.join(" ", flags()) : "");
  }

  @Override
  public List<String> flags() {
    return how == Departure.SILENCE ? UnansweredPings.KEEPALIVE : List.of();
  }

  @Override
  public boolean isClosedByEtcd() {
    return how == Departure.SILENCE;
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    for (int i = 0; i < connections; i++) {
      open(clients, streams);
    }
    long full = RudeClients.after(SEND_LIMIT);
    while (watchers(clients.server()) < connections * streams && System.nanoTime() < full) {
      clients.connections().forEach(RudeConnection::poll);
      Await.pause(Duration.ofMillis(20));
    }
    clients.note((int) watchers(clients.server()) + " watchers at first");
    for (RudeConnection connection : clients.connections()) {
      switch (how) {
        case FIN -> connection.close();
        case RST -> connection.reset();
        case SILENCE -> {}
      }
    }
    awaitNone(clients);
  }

  private void awaitNone(RudeClients clients) {
    long begin = System.nanoTime();
    long deadline = RudeClients.after(limit);
    double left = watchers(clients.server());
    while (left > 0 && System.nanoTime() < deadline) {
      Await.pause(Duration.ofMillis(20));
      left = watchers(clients.server());
    }
    // A silent client reads nothing: only now is the server's close looked for.
    clients.hold(Duration.ofMillis(200));
    double seconds = (System.nanoTime() - begin) / 1e9;
    clients.expect(left == 0, "%d watchers left after %.1f s".formatted((int) left, seconds));
  }

  private static double watchers(ServerUnderTest server) {
    String page = Http.tryGet(server.url() + "/metrics").map(Http.Answer::body).orElse("");
    Matcher line = WATCHERS.matcher(page);
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  /** A connection with as many streams, each with one watch. */
  static RudeConnection open(RudeClients clients, int streams) throws IOException {
    RudeConnection connection = clients.connectHttp2();
    byte[] create =
        WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder().setKey(Etcd.bytes("watched")))
            .build()
            .toByteArray();
    FrameBytes out = new FrameBytes();
    for (int i = 0; i < streams; i++) {
      int stream = 2 * i + 1;
      out.grpcHeaders(stream, "/etcdserverpb.Watch/Watch").message(stream, false, create, false);
    }
    connection.send(out.bytes(), RudeClients.after(SEND_LIMIT));
    return connection;
  }
}
