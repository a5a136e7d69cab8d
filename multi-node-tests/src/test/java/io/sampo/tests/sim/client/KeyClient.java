package io.sampo.tests.sim.client;

import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.random.RandomGenerator;

/** Reads and writes keys, one request after another, at whichever member. */
public final class KeyClient {
  /**
   * What it does.
   *
   * @param keys how many keys there are
   * @param thinkNanos the longest pause between two requests
   * @param writePercent how many requests write
   * @param serializablePercent how many of the reads may be stale
   * @param compactPerMille how many requests compact
   */
  public record Habits(
      int keys, long thinkNanos, int writePercent, int serializablePercent, int compactPerMille) {}

  private final String name;
  private final KeyRequests requests;
  private final SimCluster cluster;
  private final Caller caller;
  private final Habits habits;
  private final RandomGenerator random;
  private SimMember member;
  private boolean stopped;
  private boolean idle = true;

  public KeyClient(String name, SimCluster cluster, Caller caller, Habits habits) {
    this.name = name;
    this.cluster = cluster;
    this.caller = caller;
    this.habits = habits;
    this.random = cluster.world().newRandom();
    this.requests = new KeyRequests(name, habits, random);
    this.member = anyMember();
  }

  public void start() {
    think();
  }

  /** Finishes the request it is at, and makes no other. */
  public void stop() {
    stopped = true;
  }

  public boolean isIdle() {
    return idle && stopped;
  }

  private SimMember anyMember() {
    return cluster.members().get(random.nextInt(cluster.members().size()));
  }

  private void think() {
    idle = true;
    if (!stopped) {
      cluster.world().after(random.nextLong(habits.thinkNanos() + 1), this::next);
    }
  }

  private void next() {
    if (stopped) {
      return;
    }
    idle = false;
    send(requests.next());
  }

  private void send(Message request) {
    if (request instanceof PutRequest put) {
      send(put, services -> services.kv().put(put, null));
    } else if (request instanceof DeleteRangeRequest delete) {
      send(delete, services -> services.kv().deleteRange(delete, null));
    } else if (request instanceof TxnRequest txn) {
      send(txn, services -> services.kv().txn(txn, null));
    } else if (request instanceof RangeRequest range) {
      send(range, services -> services.kv().range(range, null));
    } else if (request instanceof CompactionRequest compaction) {
      send(compaction, services -> services.kv().compact(compaction, null));
    } else {
      throw new IllegalStateException("not about keys: " + request);
    }
  }

  private <R extends Message> void send(
      Message request,
      java.util.function.Function<
              io.sampo.node.server.Services, java.util.concurrent.CompletionStage<R>>
          service) {
    long timeout = 1_000_000_000L + random.nextLong(8_000_000_000L);
    caller.call(name, member, request, timeout, service, this::done);
  }

  private void done(Call call) {
    if (!call.succeeded()) {
      member = anyMember();
    } else if (call.response() instanceof RangeResponse range) {
      requests.learn(range);
    }
    if (random.nextInt(20) == 0) {
      member = anyMember();
    }
    think();
  }
}
