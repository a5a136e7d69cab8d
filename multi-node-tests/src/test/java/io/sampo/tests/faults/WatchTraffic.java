package io.sampo.tests.faults;

import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchProgressRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.sim.client.WatchListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A client that watches from the first revision on, at one member after another: it moves when its
 * stream ends, when it has heard nothing for long, and now and then by itself.
 */
final class WatchTraffic implements Runnable {
  private static final Duration SILENCE = Duration.ofSeconds(2);

  private final Connections connections;
  private final WatchCreateRequest wish;
  private final LongSupplier nanoTime;
  private final BooleanSupplier stopped;
  private final List<WatchResponse> heard = new ArrayList<>();
  private final Map<Long, Long> firstSeen = new HashMap<>();
  private volatile long nextRevision = 1;
  private int resumes;

  WatchTraffic(
      Connections connections,
      WatchCreateRequest wish,
      LongSupplier nanoTime,
      BooleanSupplier stopped) {
    this.connections = connections;
    this.wish = wish;
    this.nanoTime = nanoTime;
    this.stopped = stopped;
  }

  @Override
  public void run() {
    try (connections) {
      while (!stopped.getAsBoolean()) {
        try (GrpcStream<WatchResponse> stream =
            connections.current().stream(
                "/etcdserverpb.Watch/Watch", WatchResponse.getDefaultInstance())) {
          stream.send(
              WatchRequest.newBuilder()
                  .setCreateRequest(wish.toBuilder().setStartRevision(nextRevision))
                  .build());
          listen(stream);
        }
        connections.change();
        resumes++;
        connections.pause();
      }
    }
  }

  private void listen(GrpcStream<WatchResponse> stream) {
    boolean asked = false;
    while (!stopped.getAsBoolean() && connections.random().nextInt(300) != 0) {
      Optional<Object> next = stream.poll(SILENCE);
      if (next.isEmpty() && !asked) {
        stream.send(
            WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
        asked = true;
      } else if (next.isPresent() && next.get() instanceof WatchResponse response) {
        asked = false;
        if (response.getCanceled()) {
          return;
        }
        take(response);
      } else {
        return;
      }
    }
  }

  private void take(WatchResponse response) {
    heard.add(response);
    if (response.getCreated()) {
      return;
    }
    for (var event : response.getEventsList()) {
      firstSeen.putIfAbsent(event.getKv().getModRevision(), nanoTime.getAsLong());
    }
    nextRevision = Math.max(nextRevision, last(response) + 1);
  }

  /** The newest revision of which nothing more is to come after this. */
  private static long last(WatchResponse response) {
    int events = response.getEventsCount();
    return events == 0
        ? response.getHeader().getRevision()
        : response.getEvents(events - 1).getKv().getModRevision();
  }

  /** Behind what it has heard of. */
  long nextRevision() {
    return nextRevision;
  }

  /** How often it went on at a member; only when it has stopped. */
  int resumes() {
    return resumes;
  }

  /** When it was told of a revision with events for it; only when it has stopped. */
  Map<Long, Long> firstSeen() {
    return firstSeen;
  }

  /** Tells everything it was told, with each start; only when it has stopped. */
  void replay(WatchListener listener) {
    long next = 1;
    for (WatchResponse response : heard) {
      if (response.getCreated()) {
        listener.onBegin(connections.client(), wish, next);
      } else {
        listener.onNews(connections.client(), response);
        next = Math.max(next, last(response) + 1);
      }
    }
  }
}
