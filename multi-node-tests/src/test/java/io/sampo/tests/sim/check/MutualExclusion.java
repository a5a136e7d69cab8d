package io.sampo.tests.sim.check;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.mvccpb.KeyValue;
import io.sampo.protocol.v3lockpb.LockResponse;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.CallListener;
import io.sampo.tests.sim.client.LockClient;
import io.sampo.tests.sim.cluster.SimCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is told that it holds the lock was the oldest in the line when it was told so, and what is
 * written behind the fence is written by whoever is the oldest then: two holders never write in
 * turns.
 */
public final class MutualExclusion implements Check, CallListener {
  private static final String CHECK = "mutual exclusion";
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final Violations violations;
  private final CommittedLog committed;
  private final List<Call> taken = new ArrayList<>();

  public MutualExclusion(Violations violations, CommittedLog committed) {
    this.violations = violations;
    this.committed = committed;
  }

  @Override
  public void onCall(Call call) {
    if (call.response() instanceof LockResponse) {
      taken.add(call);
    }
  }

  @Override
  public void atEnd(SimCluster cluster) {
    for (Call call : taken) {
      LockResponse locked = (LockResponse) call.response();
      Optional<KeyValue> oldest = oldest(locked.getHeader().getRevision());
      if (oldest.isEmpty() || !oldest.get().getKey().equals(locked.getKey())) {
        violations.report(
            CHECK, "the oldest was " + oldest.map(Text::of).orElse("nobody") + " for " + call);
      }
    }
    for (long index = 1; index <= committed.lastIndex(); index++) {
      CommittedLog.Committed entry = committed.at(index);
      if (entry.mutates() && entry.request().hasTxn()) {
        checkFence(entry);
      }
    }
  }

  private void checkFence(CommittedLog.Committed entry) {
    TxnRequest txn = entry.request().getTxn();
    boolean fenced =
        txn.getCompareCount() == 1
            && txn.getSuccessCount() == 1
            && txn.getSuccess(0).getRequestPut().getKey().equals(LockClient.TREASURE);
    if (fenced) {
      Compare fence = txn.getCompare(0);
      ByteString holder = oldest(entry.revision() - 1).map(KeyValue::getKey).orElse(null);
      if (!fence.getKey().equals(holder)) {
        violations.report(CHECK, "written by another than the holder: " + Text.of(txn));
      }
    }
  }

  private Optional<KeyValue> oldest(long revision) {
    return committed.store().withPrefix(LockClient.NAME.concat(SLASH), revision).stream()
        .min((a, b) -> Long.compare(a.getCreateRevision(), b.getCreateRevision()));
  }
}
