package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RangeQuery;
import io.sampo.node.state.mvcc.RangeResult;
import io.sampo.node.state.mvcc.RevisionHistory;
import io.sampo.protocol.etcdserverpb.Compare.CompareResult;
import io.sampo.protocol.etcdserverpb.Compare.CompareTarget;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;

/** The store against the naive one, over random histories. */
class ModelTest {
  private static final int KEYS = 150;
  private static final int STEPS = 300;

  @Property(tries = 40)
  void everyReadableRevisionReadsAsItWasWritten(@ForAll long seed) {
    new Run(seed).go();
  }

  private static final class Run {
    private final Random random;
    private final NaiveStore model = new NaiveStore();
    private final List<MvccView> oldViews = new ArrayList<>();
    private final List<Long> oldRevisions = new ArrayList<>();
    private Machine machine = new Machine();
    private long compacted = -1;

    Run(long seed) {
      random = new Random(seed);
    }

    void go() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(12)) {
          case 0 -> compact();
          case 1 -> machine.state.compactStep();
          case 2 -> machine = machine.restarted();
          case 3 -> {
            oldViews.add(machine.state.view());
            oldRevisions.add(model.revision());
          }
          default -> write();
        }
        check(machine.state.view());
      }
      for (int i = 0; i < oldViews.size(); i++) {
        MvccView view = oldViews.get(i);
        assertEquals(oldRevisions.get(i), view.revision());
        checkRange(view, oldRevisions.get(i), "k", "l");
      }
    }

    private void write() {
      model.begin();
      machine.txn(txn(3));
      model.commit();
    }

    /** Builds a transaction and runs it on the model while building. */
    private TxnRequest.Builder txn(int depth) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      String key = key();
      boolean exists = model.at(model.revision()).containsKey(key);
      txn.addCompare(
          Requests.compare(key, CompareTarget.VERSION, CompareResult.GREATER).setVersion(0));
      for (int i = random.nextInt(4); i >= 0; i--) {
        RequestOp operation = operation(depth);
        if (exists) {
          txn.addSuccess(operation);
        } else {
          txn.addFailure(operation);
        }
      }
      return txn;
    }

    private RequestOp operation(int depth) {
      int choice = random.nextInt(depth > 0 ? 10 : 8);
      if (choice < 5) {
        String key = key();
        String value = "v" + random.nextInt(1000);
        model.put(key, value, 0);
        return Requests.op(Requests.put(key, value));
      }
      if (choice < 7) {
        String key = key();
        String end = random.nextBoolean() ? null : key();
        model.delete(key, end);
        return Requests.op(Requests.delete(key, end == null ? "" : end));
      }
      return choice == 7 ? Requests.op(Requests.range(key(), "")) : Requests.op(txn(depth - 1));
    }

    private void compact() {
      long low = Math.max(compacted + 1, model.revision() - 20);
      if (low <= model.revision()) {
        compacted = low + random.nextInt((int) (model.revision() - low + 1));
        machine.done(Requests.compact(compacted));
      }
    }

    private void check(MvccView view) {
      assertEquals(model.revision(), view.revision());
      assertEquals(compacted, view.compactRevision());
      long oldest = Math.max(1, compacted);
      long at = oldest + random.nextInt((int) (model.revision() - oldest + 1));
      String key = key();
      checkRange(view, at, key, random.nextInt(4) == 0 ? null : key());
      checkRange(view, model.revision(), key, random.nextBoolean() ? "" : key());
      checkHistory(view);
    }

    private void checkRange(MvccView view, long at, String key, String end) {
      Map<String, NaiveStore.Entry> expected = NaiveStore.range(model.at(at), key, end);
      RangeRequest.Builder request =
          Requests.range(key, end == null ? "" : end.isEmpty() ? "\0" : end).setRevision(at);
      RangeResult all = view.range(RangeQuery.of(request.build()));
      assertEquals(expected.size(), all.count());
      Assertions.assertFalse(all.more());
      List<String> texts = new ArrayList<>();
      expected.forEach((each, entry) -> texts.add(text(each, entry)));
      assertEquals(texts, all.versions().stream().map(Run::text).toList());
      int limit = 1 + random.nextInt(5);
      RangeResult page = view.range(RangeQuery.of(request.setLimit(limit).build()));
      assertEquals(expected.size(), page.count());
      assertEquals(expected.size() > limit, page.more());
      assertEquals(
          texts.subList(0, Math.min(limit, texts.size())),
          page.versions().stream().map(Run::text).toList());
      RangeResult count = view.range(RangeQuery.of(request.setCountOnly(true).build()));
      assertEquals(expected.size(), count.count());
    }

    private void checkHistory(MvccView view) {
      List<NaiveStore.Write> expected = model.historyFrom(Math.max(compacted, 0));
      RevisionHistory history = view.history();
      int start = history.positionOf(compacted);
      List<NaiveStore.Write> actual = new ArrayList<>();
      for (int i = start; i < history.size(); i++) {
        KeyVersion version = history.at(i);
        actual.add(
            new NaiveStore.Write(
                version.keyBytes().toStringUtf8(),
                version.modRevision(),
                version.subRevision(),
                version.isTombstone()));
      }
      assertEquals(expected, actual);
    }

    private String key() {
      return String.format("k%03d", random.nextInt(KEYS));
    }

    private static String text(KeyVersion version) {
      return text(
          version.keyBytes().toStringUtf8(),
          new NaiveStore.Entry(
              version.valueBytes().toStringUtf8(),
              version.createRevision(),
              version.modRevision(),
              version.version(),
              version.lease()));
    }

    private static String text(String key, NaiveStore.Entry entry) {
      return key + " " + entry;
    }
  }
}
