package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.node.server.Services;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Reads and writes a key, at one member after another, and does not wait for answers: so that a
 * member which is paused, or has missed a change of leaders, has requests of a moment when others
 * know more, and a leader whom nobody follows has a log that goes on.
 */
public final class HastyClient {
  private static final long TIMEOUT_NANOS = 6_000_000_000L;
  private static final ByteString KEY = Keys.key(0);
  private static final int MOST_UNANSWERED = 40;

  private final String name;
  private final SimCluster cluster;
  private final Caller caller;
  private final long pauseNanos;
  private final RandomGenerator random;
  private boolean stopped;
  private int unanswered;
  private long values;

  public HastyClient(String name, SimCluster cluster, Caller caller, long pauseNanos) {
    this.name = name;
    this.cluster = cluster;
    this.caller = caller;
    this.pauseNanos = pauseNanos;
    this.random = cluster.world().newRandom();
  }

  public void start() {
    cluster.world().after(random.nextLong(2 * pauseNanos), this::next);
  }

  public void stop() {
    stopped = true;
  }

  public boolean isIdle() {
    return stopped && unanswered == 0;
  }

  private void next() {
    if (stopped) {
      return;
    }
    SimMember member = cluster.members().get(random.nextInt(cluster.members().size()));
    if (unanswered < MOST_UNANSWERED) {
      if (random.nextBoolean()) {
        read(member);
      } else {
        write(member);
      }
    }
    start();
  }

  private void read(SimMember member) {
    RangeRequest request = RangeRequest.newBuilder().setKey(KEY).build();
    send(member, request, services -> services.kv().range(request, null));
  }

  private void write(SimMember member) {
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(KEY)
            .setValue(ByteString.copyFromUtf8(name + ":" + ++values))
            .build();
    send(member, request, services -> services.kv().put(request, null));
  }

  private <R extends Message> void send(
      SimMember member, Message request, Function<Services, CompletionStage<R>> service) {
    unanswered++;
    caller.call(name, member, request, TIMEOUT_NANOS, service, call -> unanswered--);
  }
}
