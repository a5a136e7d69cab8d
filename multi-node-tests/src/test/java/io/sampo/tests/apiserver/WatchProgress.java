package io.sampo.tests.apiserver;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchProgressRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.load.KeyedRequests;
import io.sampo.tests.load.PacedPuts;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ComparedPrograms;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * {@code multi-node-tests/bin/watch-progress}: how soon a progress request on a watch stream is
 * answered while others write. So kube-apiserver's consistent lists ask, every 100 ms each.
 */
public final class WatchProgress {
  private static final String USAGE =
      """
      usage: watch-progress [--etcd FILE] [option ...]
      %s  --streams N         watch streams, each on a connection of its own (100)
        --period N          milliseconds from request to request of each (100)
        --puts N            puts a second; each stream sees its share of them (1000)
        --seconds N         length of a counted run (20)
        --warmup N          seconds before it that are not counted (10)
        --rounds N          of all servers in turns (1)
      """
          .formatted(ComparedPrograms.USAGE);

  private static final String PREFIX = "/registry/configmaps/benchmark-load/";
  private static final int KEYS_OF_A_STREAM = 100;
  private static final int VALUE_BYTES = 256;

  private int streams = 100;
  private int periodMillis = 100;
  private int puts = 1_000;
  private int seconds = 20;
  private int warmupSeconds = 10;
  private int rounds = 1;

  private WatchProgress() {}

  /** Measures and prints; exit code 2 for a bad command line. */
  public static void main(String[] words) throws Exception {
    WatchProgress measurement = new WatchProgress();
    ComparedPrograms programs = new ComparedPrograms();
    try {
      programs.parse(words, measurement::set);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
    System.out.println("| server | requests | p50 ms | p99 | max | puts a second | their p99 |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (int round = 0; round < measurement.rounds; round++) {
      for (ServerProgram program : programs.list()) {
        try (ServerUnderTest server = ServerUnderTest.start(program)) {
          measurement.measure(program.name(), server);
        }
      }
    }
    System.exit(0);
  }

  private void set(String name, String value) {
    int number = Integer.parseInt(value);
    switch (name) {
      case "--streams" -> streams = number;
      case "--period" -> periodMillis = number;
      case "--puts" -> puts = number;
      case "--seconds" -> seconds = number;
      case "--warmup" -> warmupSeconds = number;
      case "--rounds" -> rounds = number;
      default -> throw new IllegalArgumentException("unknown option " + name);
    }
  }

  private void measure(String name, ServerUnderTest server) throws Exception {
    long begin = System.nanoTime();
    List<Asker> askers = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      Asker asker = new Asker(server.endpoint(), i, begin);
      asker.start();
      askers.add(asker);
    }
    PacedPuts.Result written = write(server);
    List<Long> latencies = new ArrayList<>();
    for (Asker asker : askers) {
      asker.join();
      if (asker.failure != null) {
        throw new IllegalStateException("a stream has failed", asker.failure);
      }
      latencies.addAll(asker.latencies);
    }
    latencies.sort(null);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %.1f | %.1f | %.1f | %.0f | %.1f |%n",
        name,
        latencies.size(),
        latencies.get(latencies.size() / 2) / 1e6,
        latencies.get((int) (latencies.size() * 0.99)) / 1e6,
        latencies.get(latencies.size() - 1) / 1e6,
        written.latencies().perSecond(),
        written.latencies().quantileMillis(0.99));
  }

  private PacedPuts.Result write(ServerUnderTest server) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int keys = streams * KEYS_OF_A_STREAM;
    return new PacedPuts(
            KeyedRequests.puts(() -> random.nextInt(keys), VALUE_BYTES), 1_000.0 / puts)
        .run(server.clientPort(), warmupSeconds, seconds, () -> {}, () -> {});
  }

  /** One stream. A request that is late because the one before it was is charged with that. */
  private final class Asker extends Thread {
    private final String endpoint;
    private final int number;
    private final long begin;
    private final List<Long> latencies = new ArrayList<>();
    private Throwable failure;

    Asker(String endpoint, int number, long begin) {
      this.endpoint = endpoint;
      this.number = number;
      this.begin = begin;
    }

    @Override
    public void run() {
      try (GrpcClient client = new GrpcClient(endpoint);
          GrpcStream<WatchResponse> stream =
              client.stream("/etcdserverpb.Watch/Watch", WatchResponse.getDefaultInstance())) {
        stream.send(watch());
        if (!stream.next().getCreated()) {
          throw new IllegalStateException("no watcher");
        }
        ask(stream);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    private void ask(GrpcStream<WatchResponse> stream) {
      long period = Duration.ofMillis(periodMillis).toNanos();
      long counted = begin + Duration.ofSeconds(warmupSeconds).toNanos();
      long end = counted + Duration.ofSeconds(seconds).toNanos();
      long first = begin + period + period * number / streams;
      WatchRequest request =
          WatchRequest.newBuilder()
              .setProgressRequest(WatchProgressRequest.getDefaultInstance())
              .build();
      for (long due = first; due < end; due += period) {
        long rest = due - System.nanoTime();
        if (rest > 0) {
          Await.pause(Duration.ofNanos(rest));
        }
        // A pause ends on a millisecond, so some are sent a little before they are due.
        long from = Math.min(due, System.nanoTime());
        stream.send(request);
        while (stream.next().getWatchId() != -1) {
          // events before it
        }
        if (due >= counted) {
          latencies.add(System.nanoTime() - from);
        }
      }
    }

    private WatchRequest watch() {
      return WatchRequest.newBuilder()
          .setCreateRequest(
              WatchCreateRequest.newBuilder()
                  .setKey(key(number))
                  .setRangeEnd(key(number + 1))
                  .setPrevKv(true)
                  .setProgressNotify(true))
          .build();
    }

    private static ByteString key(int stream) {
      return ByteString.copyFromUtf8("%s%09d".formatted(PREFIX, stream * KEYS_OF_A_STREAM));
    }
  }
}
