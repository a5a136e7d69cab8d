package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.random.RandomGenerator;

/** What a client asks about keys, one request after another. No two puts have the same value. */
public final class KeyRequests {
  private final String name;
  private final KeyClient.Habits habits;
  private final RandomGenerator random;
  private long values;
  private long knownRevision = 1;

  /** The last read of some key, for compare-and-swap. */
  private ByteString knownKey = Keys.key(0);

  private long knownModRevision;

  public KeyRequests(String name, KeyClient.Habits habits, RandomGenerator random) {
    this.name = name;
    this.habits = habits;
    this.random = random;
  }

  public Message next() {
    int choice = random.nextInt(100);
    if (random.nextInt(1000) < habits.compactPerMille()) {
      return compact();
    } else if (choice < habits.writePercent()) {
      return write();
    }
    return read(random.nextInt(100) < habits.serializablePercent());
  }

  /** What was read is what the next compare-and-swap goes by. */
  public void learn(RangeResponse range) {
    knownRevision = Math.max(knownRevision, range.getHeader().getRevision());
    if (range.getKvsCount() > 0) {
      knownKey = range.getKvs(0).getKey();
      knownModRevision = range.getKvs(0).getModRevision();
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

  private Message write() {
    return switch (random.nextInt(8)) {
      case 0 -> delete();
      case 1, 2 -> swap();
      case 3 -> several();
      default -> put(key());
    };
  }

  private Message delete() {
    ByteString key = key();
    DeleteRangeRequest.Builder delete =
        DeleteRangeRequest.newBuilder().setKey(key).setPrevKv(random.nextBoolean());
    if (random.nextInt(4) == 0) {
      delete.setRangeEnd(Keys.key(random.nextInt(habits.keys()) + 1));
    }
    return delete.build();
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

  private Message read(boolean serializable) {
    RangeRequest.Builder range =
        RangeRequest.newBuilder().setKey(key()).setSerializable(serializable);
    switch (random.nextInt(6)) {
      case 0 -> range.setRangeEnd(Keys.toTheEnd()).setLimit(1 + random.nextInt(3));
      case 1 -> range.setRangeEnd(Keys.toTheEnd()).setRevision(knownRevision);
      case 2 -> range.setRangeEnd(Keys.toTheEnd()).setKeysOnly(true);
      case 3 -> range.setRangeEnd(Keys.toTheEnd()).setCountOnly(true);
      default -> {}
    }
    return range.build();
  }

  private Message compact() {
    return CompactionRequest.newBuilder()
        .setRevision(Math.max(1, knownRevision - random.nextInt(10)))
        .setPhysical(random.nextBoolean())
        .build();
  }
}
