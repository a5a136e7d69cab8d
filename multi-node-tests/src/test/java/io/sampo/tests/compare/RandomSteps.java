package io.sampo.tests.compare;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Requests drawn from a seed over few keys, so that they meet. */
public final class RandomSteps {

  private static final String[] KEYS = {"r", "r1", "r2", "r3", "r31", "r4", "s", ""};
  private static final String[] ENDS = {"", "", "", "r3", "r4", "s", "t", "\0", "a"};

  private final SplittableRandom random;

  private RandomSteps(long seed) {
    random = new SplittableRandom(seed);
  }

  public static List<Step> all(long seed, int count) {
    RandomSteps source = new RandomSteps(seed);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(source.step("seed " + seed + " #" + i));
    }
    return steps;
  }

  private Step step(String name) {
    int choice = random.nextInt(10);
    if (choice < 3) {
      return KeyValueSteps.put(name, put());
    }
    if (choice < 6) {
      return KeyValueSteps.range(name, range());
    }
    if (choice < 7) {
      return KeyValueSteps.delete(name, delete());
    }
    return KeyValueSteps.txn(name, txn(2));
  }

  private ByteString key() {
    // An empty key is an error and would end most transactions: keep it rare.
    int index = random.nextInt(KEYS.length * 4);
    return ByteString.copyFromUtf8(KEYS[index == 0 ? KEYS.length - 1 : index % (KEYS.length - 1)]);
  }

  private ByteString end() {
    return ByteString.copyFromUtf8(ENDS[random.nextInt(ENDS.length)]);
  }

  private PutRequest.Builder put() {
    PutRequest.Builder request =
        PutRequest.newBuilder().setKey(key()).setPrevKv(random.nextBoolean());
    if (rarely()) {
      return request.setIgnoreValue(true);
    }
    request.setValue(ByteString.copyFromUtf8("v" + random.nextInt(5)));
    return rarely() ? request.setIgnoreLease(true) : request;
  }

  private RangeRequest.Builder range() {
    RangeRequest.Builder request =
        RangeRequest.newBuilder()
            .setKey(key())
            .setRangeEnd(end())
            .setSerializable(random.nextBoolean());
    if (rarely()) {
      request.setLimit(random.nextInt(4));
    }
    if (rarely()) {
      request.setRevision(random.nextInt(300));
    }
    if (rarely()) {
      request.setMinModRevision(random.nextInt(200)).setMaxCreateRevision(random.nextInt(200));
    }
    if (rarely()) {
      request.setCountOnly(true);
    }
    if (rarely()) {
      // Not VALUE: ties are in no order there.
      request.setSortTargetValue(random.nextInt(4)).setSortOrderValue(random.nextInt(3));
      if (request.getSortTarget() == RangeRequest.SortTarget.VERSION) {
        request.setSortTarget(RangeRequest.SortTarget.KEY);
      }
    }
    return request;
  }

  private DeleteRangeRequest.Builder delete() {
    return DeleteRangeRequest.newBuilder()
        .setKey(key())
        .setRangeEnd(end())
        .setPrevKv(random.nextBoolean());
  }

  private TxnRequest.Builder txn(int depth) {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      request.addCompare(compare());
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      request.addSuccess(operation(depth));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      request.addFailure(operation(depth));
    }
    return request;
  }

  private RequestOp.Builder operation(int depth) {
    RequestOp.Builder operation = RequestOp.newBuilder();
    return switch (random.nextInt(depth > 0 ? 7 : 6)) {
      case 0, 1, 2 -> operation.setRequestPut(put());
      case 3, 4 -> operation.setRequestRange(range());
      case 5 -> operation.setRequestDeleteRange(delete());
      default -> operation.setRequestTxn(txn(depth - 1));
    };
  }

  private Compare.Builder compare() {
    Compare.Builder compare = Compare.newBuilder().setKey(key()).setResultValue(random.nextInt(4));
    if (rarely()) {
      compare.setRangeEnd(end());
    }
    return switch (random.nextInt(4)) {
      case 0 -> compare.setTarget(Compare.CompareTarget.VERSION).setVersion(random.nextInt(3));
      case 1 -> compare.setTarget(Compare.CompareTarget.MOD).setModRevision(random.nextInt(300));
      case 2 ->
          compare.setTarget(Compare.CompareTarget.CREATE).setCreateRevision(random.nextInt(300));
      default ->
          compare
              .setTarget(Compare.CompareTarget.VALUE)
              .setValue(ByteString.copyFromUtf8("v" + random.nextInt(5)));
    };
  }

  private boolean rarely() {
    return random.nextInt(6) == 0;
  }
}
