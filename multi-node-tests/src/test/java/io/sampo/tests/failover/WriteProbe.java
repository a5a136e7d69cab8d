package io.sampo.tests.failover;

import io.grpc.CallOptions;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.ServerUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Puts to some members, at a steady pace without waiting for those before, and the moments when
 * they were acknowledged.
 */
public final class WriteProbe implements AutoCloseable {
  private record Acknowledged(long sentNanos, long atNanos) {}

  private static final long DEADLINE_SECONDS = 10;
  private static final long RECONNECT_MILLIS = 50;

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<GrpcClient> clients = new ArrayList<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private long puts;

  /** Begins at once, with one put to each member every so many milliseconds. */
  public WriteProbe(List<ServerUnderTest> members, long periodMillis) {
    members.forEach(member -> clients.add(new GrpcClient(member.endpoint())));
    clock.scheduleAtFixedRate(this::putEverywhere, 0, periodMillis, TimeUnit.MILLISECONDS);
  }

  private void putEverywhere() {
    for (GrpcClient client : clients) {
      long sent = System.nanoTime();
      PutRequest put =
          PutRequest.newBuilder()
              .setKey(Etcd.bytes("probe/" + puts++ % 100))
              .setValue(Etcd.bytes("value"))
              .build();
      client.callLater(
          "/etcdserverpb.KV/Put",
          put,
          PutResponse.getDefaultInstance(),
          CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
          answer -> acknowledged(sent));
    }
  }

  private synchronized void acknowledged(long sent) {
    acknowledged.add(new Acknowledged(sent, System.nanoTime()));
  }

  /** Connects again by itself, at once and however often that has failed. */
  WriteProbe reconnecting() {
    clock.scheduleAtFixedRate(
        () -> clients.forEach(GrpcClient::reconnect), 0, RECONNECT_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  /** From then to the first acknowledgement of a put that was sent later, in milliseconds. */
  synchronized double firstAcknowledgedMillis(long sinceNanos) {
    return (acknowledged.stream()
                .filter(put -> put.sentNanos() >= sinceNanos)
                .mapToLong(Acknowledged::atNanos)
                .min()
                .orElseThrow()
            - sinceNanos)
        / 1e6;
  }

  /** How many puts that were sent since then are acknowledged. */
  public synchronized long acknowledgedOfThoseSince(long nanos) {
    return acknowledged.stream().filter(put -> put.sentNanos() >= nanos).count();
  }

  /** The longest span without an acknowledgement since then, in milliseconds. */
  synchronized double longestGapMillis(long sinceNanos) {
    long previous = sinceNanos;
    long longest = 0;
    for (Acknowledged put : acknowledged) {
      if (put.atNanos() >= sinceNanos) {
        longest = Math.max(longest, put.atNanos() - previous);
        previous = put.atNanos();
      }
    }
    return longest / 1e6;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    clients.forEach(GrpcClient::close);
  }
}
