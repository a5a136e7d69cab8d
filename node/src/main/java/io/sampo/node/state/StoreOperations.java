package io.sampo.node.state;

/**
 * Counts what requests do to the store, as etcd's {@code metrics_txn.go} does: every range, put and
 * deletion by itself, also those of one transaction or those that a put needs for what was before
 * it; and a transaction where one step at the store had more than one of them. For the applier's
 * thread only.
 */
public final class StoreOperations {
  private long ranges;
  private long puts;
  private long putBytes;
  private long deletes;
  private long transactions;
  private int inStep;

  /**
   * What was counted since the last time.
   *
   * @param putBytes the bytes of keys and values that were put
   * @param transactions steps of more than one operation
   */
  public record Counts(long ranges, long puts, long putBytes, long deletes, long transactions) {}

  void ranged(int count) {
    ranges += count;
    inStep += count;
  }

  void put(long bytes) {
    puts++;
    putBytes += bytes;
    inStep++;
  }

  void deleted() {
    deletes++;
    inStep++;
  }

  /** What follows is another step. */
  void endStep() {
    if (inStep > 1) {
      transactions++;
    }
    inStep = 0;
  }

  /** Ends the step, gives what was counted and begins with nothing. */
  Counts take() {
    endStep();
    Counts counts = new Counts(ranges, puts, putBytes, deletes, transactions);
    ranges = 0;
    puts = 0;
    putBytes = 0;
    deletes = 0;
    transactions = 0;
    return counts;
  }
}
