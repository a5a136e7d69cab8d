package io.sampo.tests.abuse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All abuses: as the command runs them, and in small for every build. */
final class Abuses {
  static final int FILE_LIMIT = 400;
  private static final int MILLION = 1_000_000;

  private Abuses() {}

  static List<Abuse> full() {
    Duration ten = Duration.ofSeconds(10);
    Duration thirty = Duration.ofSeconds(30);
    List<Abuse> all = new ArrayList<>();
    all.add(new IdleConnections(IdleConnections.Port.CLIENT, 0, 0, ten));
    all.add(new HeaderFlood(300, MILLION, ten));
    all.add(new ContinuationFlood(20_000, ten));
    all.addAll(floods(200_000, ten));
    all.add(fileLimit(thirty));
    all.add(new IdleConnections(IdleConnections.Port.CLIENT, 1_000, 0, ten));
    all.add(new IdleConnections(IdleConnections.Port.CLIENT_TLS, 300, 0, thirty));
    all.add(new IdleConnections(IdleConnections.Port.PEER_TLS, 300, 0, thirty));
    all.add(new SlowHeads(200, Duration.ofSeconds(1), thirty));
    all.add(new HalfBodies(200, ten));
    all.add(new HalfMessages(10, 100, ten));
    all.add(new TinySegments(4, 10_000, ten));
    all.add(new UnansweredPings(50, Duration.ofSeconds(15)));
    for (AbandonedWatches.Departure how : AbandonedWatches.Departure.values()) {
      all.add(new AbandonedWatches(how, 100, 100, Duration.ofSeconds(15)));
    }
    all.add(new GzipBombs(50, 48, ten));
    all.add(new JsonBombs(JsonBombs.Shape.NESTED, 10, 10_000, ten));
    all.add(new JsonBombs(JsonBombs.Shape.ARRAY, 4, MILLION, ten));
    all.add(new JsonBombs(JsonBombs.Shape.TRANSACTIONS, 10, 1_000, ten));
    all.add(new NestedTransactions(1_000, 10, ten));
    all.add(new PipelinedRequests(4, 10_000, ten));
    all.add(new UnreadAnswers(UnreadAnswers.How.RANGES, 4, 50, 10, ten));
    all.add(new UnreadAnswers(UnreadAnswers.How.WATCHES, 4, 50, 10, ten));
    all.add(new UnreadAnswers(UnreadAnswers.How.JSON, 100, 1, 10, ten));
    return all;
  }

  /** Each well under two seconds, for a server with {@link UnansweredPings#KEEPALIVE} and TLS. */
  static List<Abuse> brief() {
    Duration second = Duration.ofSeconds(1);
    List<Abuse> all = new ArrayList<>();
    all.add(new HeaderFlood(20, MILLION, second));
    all.add(new ContinuationFlood(2_000, second));
    all.addAll(floods(20_000, second));
    all.add(new IdleConnections(IdleConnections.Port.CLIENT, 300, 0, second));
    all.add(new SlowHeads(50, Duration.ofMillis(50), second));
    all.add(new HalfBodies(50, second));
    all.add(new HalfMessages(10, 20, second));
    all.add(new TinySegments(2, 2_000, second));
    all.add(new AbandonedWatches(AbandonedWatches.Departure.FIN, 10, 50, second));
    all.add(new AbandonedWatches(AbandonedWatches.Departure.RST, 10, 50, second));
    all.add(new GzipBombs(5, 48, second));
    all.add(new JsonBombs(JsonBombs.Shape.NESTED, 2, 10_000, second));
    all.add(new JsonBombs(JsonBombs.Shape.ARRAY, 1, MILLION / 5, second));
    all.add(new JsonBombs(JsonBombs.Shape.TRANSACTIONS, 2, 1_000, second));
    all.add(new NestedTransactions(1_000, 2, second));
    all.add(new PipelinedRequests(2, 2_000, second));
    return all;
  }

  /** Those that a server ends after its time-outs, for the same server; side by side. */
  static List<Abuse> slow() {
    Duration limit = Duration.ofSeconds(15);
    return List.of(
        new IdleConnections(IdleConnections.Port.CLIENT_TLS, 20, 0, limit),
        new IdleConnections(IdleConnections.Port.PEER_TLS, 20, 0, limit),
        new UnansweredPings(20, limit),
        new AbandonedWatches(AbandonedWatches.Departure.SILENCE, 10, 50, limit));
  }

  /** More connections than the server may open files, for a server with {@link #FILE_LIMIT}. */
  static Abuse fileLimit(Duration limit) {
    return new IdleConnections(IdleConnections.Port.CLIENT, 600, FILE_LIMIT, limit);
  }

  private static List<Abuse> floods(int frames, Duration limit) {
    List<Abuse> floods = new ArrayList<>();
    for (FrameFlood.Kind kind : FrameFlood.Kind.values()) {
      floods.add(new FrameFlood(kind, true, frames, limit));
    }
    floods.add(new FrameFlood(FrameFlood.Kind.PINGS, false, frames, limit));
    floods.add(new FrameFlood(FrameFlood.Kind.SETTINGS, false, frames, limit));
    floods.add(new FrameFlood(FrameFlood.Kind.RESETS, false, frames, limit));
    return floods;
  }
}
