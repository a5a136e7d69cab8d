package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
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
  private final SimCluster cluster;
  private final Caller caller;
  private final Habits habits;
  private final RandomGenerator random;
  private SimMember member;
  private boolean stopped;
  private boolean idle = true;
  private long values;
  private long knownRevision = 1;

  /** The last read of some key, for compare-and-swap. */
  private ByteString knownKey = Keys.key(0);

  private long knownModRevision;

  public KeyClient(String name, SimCluster cluster, Caller caller, Habits habits) {
    this.name = name;
    this.cluster = cluster;
    this.caller = caller;
    this.habits = habits;
    this.random = cluster.world().newRandom();
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
    int choice = random.nextInt(100);
    if (random.nextInt(1000) < habits.compactPerMille()) {
      compact();
    } else if (choice < habits.writePercent()) {
      write();
    } else {
      read(random.nextInt(100) < habits.serializablePercent());
    }
  }

  private ByteString key() {
    return Keys.key(random.nextInt(habits.keys()));
  }

  private ByteString value() {
    return ByteString.copyFromUtf8(name + ":" + ++values);
  }

  private PutRequest put(ByteString key) {
    return PutRequest.newBuilder()
        .setKey(key)
        .setValue(value())
        .setPrevKv(random.nextInt(4) == 0)
        .build();
  }

  private void write() {
    switch (random.nextInt(8)) {
      case 0 -> delete();
      case 1, 2 -> txn(swap());
      case 3 -> txn(several());
      default -> {
        PutRequest put = put(key());
        send(put, services -> services.kv().put(put, null));
      }
    }
  }

  private void delete() {
    ByteString key = key();
    DeleteRangeRequest.Builder delete =
        DeleteRangeRequest.newBuilder().setKey(key).setPrevKv(random.nextBoolean());
    if (random.nextInt(4) == 0) {
      delete.setRangeEnd(Keys.key(random.nextInt(habits.keys()) + 1));
    }
    DeleteRangeRequest request = delete.build();
    send(request, services -> services.kv().deleteRange(request, null));
  }

  private TxnRequest swap() {
    return TxnRequest.newBuilder()
        .addCompare(
            Compare.newBuilder()
                .setTarget(Compare.CompareTarget.MOD)
                .setResult(Compare.CompareResult.EQUAL)
                .setKey(knownKey)
                .setModRevision(knownModRevision))
        .addSuccess(RequestOp.newBuilder().setRequestPut(put(knownKey)))
        .addFailure(
            RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(knownKey)))
        .build();
  }

  /** Writes two keys, and a third in a transaction within. */
  private TxnRequest several() {
    int first = random.nextInt(habits.keys());
    ByteString second = Keys.key((first + 1) % habits.keys());
    ByteString third = Keys.key((first + 2) % habits.keys());
    Compare exists =
        Compare.newBuilder()
            .setTarget(Compare.CompareTarget.VERSION)
            .setResult(Compare.CompareResult.GREATER)
            .setKey(third)
            .setVersion(0)
            .build();
    TxnRequest inner =
        TxnRequest.newBuilder()
            .addCompare(exists)
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(third)))
            .addFailure(RequestOp.newBuilder().setRequestPut(put(third)))
            .build();
    return TxnRequest.newBuilder()
        .addSuccess(RequestOp.newBuilder().setRequestPut(put(Keys.key(first))))
        .addSuccess(RequestOp.newBuilder().setRequestPut(put(second)))
        .addSuccess(RequestOp.newBuilder().setRequestTxn(inner))
        .build();
  }

  private void txn(TxnRequest request) {
    send(request, services -> services.kv().txn(request, null));
  }

  private void read(boolean serializable) {
    RangeRequest.Builder range =
        RangeRequest.newBuilder().setKey(key()).setSerializable(serializable);
    switch (random.nextInt(6)) {
      case 0 -> range.setRangeEnd(Keys.toTheEnd()).setLimit(1 + random.nextInt(3));
      case 1 -> range.setRangeEnd(Keys.toTheEnd()).setRevision(knownRevision);
      case 2 -> range.setRangeEnd(Keys.toTheEnd()).setKeysOnly(true);
      case 3 -> range.setRangeEnd(Keys.toTheEnd()).setCountOnly(true);
      default -> {}
    }
    RangeRequest request = range.build();
    send(request, services -> services.kv().range(request, null));
  }

  private void compact() {
    CompactionRequest request =
        CompactionRequest.newBuilder()
            .setRevision(Math.max(1, knownRevision - random.nextInt(10)))
            .setPhysical(random.nextBoolean())
            .build();
    send(request, services -> services.kv().compact(request, null));
  }

  private <R extends com.google.protobuf.Message> void send(
      com.google.protobuf.Message request,
      java.util.function.Function<
              io.sampo.node.server.NodeServices, java.util.concurrent.CompletionStage<R>>
          service) {
    long timeout = 1_000_000_000L + random.nextLong(8_000_000_000L);
    caller.call(name, member, request, timeout, service, this::done);
  }

  private void done(Call call) {
    if (!call.succeeded()) {
      member = anyMember();
    } else if (call.response() instanceof RangeResponse range) {
      knownRevision = Math.max(knownRevision, range.getHeader().getRevision());
      if (range.getKvsCount() > 0) {
        knownKey = range.getKvs(0).getKey();
        knownModRevision = range.getKvs(0).getModRevision();
      }
    }
    if (random.nextInt(20) == 0) {
      member = anyMember();
    }
    think();
  }
}
