package io.sampo.tests.sim.fault;

import io.sampo.tests.sim.kernel.SimProcess;
import io.sampo.tests.sim.kernel.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One member's disk: the records of its journal, and when they are durable. It outlives the
 * member's processes. Writes become durable in order; of those that are not when the power goes,
 * some first ones may have reached the disk, and the next may be torn, which its length tells, so
 * that it is dropped as LevelDB drops it.
 */
public final class SimDisk {
  /** What becomes of a failure is over after this. */
  private static final long EXCUSED_NANOS = 1_000_000_000L;

  /** One event of the journal. */
  record Stored(long sequence, String manifest, byte[] bytes) {}

  private record Write(List<Stored> records) {}

  private final World world;
  private final RandomGenerator random;
  private final Probes probes;
  private final TreeMap<Long, Stored> durable = new TreeMap<>();
  private final List<Write> pending = new ArrayList<>();
  private DiskSettings settings;
  private long highest;
  private long stalledUntilNanos;
  private boolean damaged;
  private boolean full;
  private long patienceNanos = Long.MAX_VALUE;
  private long failedNanos = Long.MIN_VALUE / 2;
  private boolean lying;
  private boolean losing;

  public SimDisk(World world, Probes probes, DiskSettings settings) {
    this.world = world;
    this.probes = probes;
    this.settings = settings;
    this.random = world.newRandom();
  }

  public void become(DiskSettings next) {
    settings = next;
  }

  public DiskSettings settings() {
    return settings;
  }

  /** The known bug of some disks: says that something is durable although it is not. */
  public void lie() {
    lying = true;
  }

  /**
   * Whether it is damaged, or has just failed: then a member may end of it, a paused one when it
   * goes on.
   */
  public boolean excusesEnd(SimProcess process) {
    return damaged || world.nowNanos() - failedNanos < EXCUSED_NANOS + process.lastPauseNanos();
  }

  /** Something of it cannot be read any more. */
  public boolean isDamaged() {
    return damaged;
  }

  /** All that was damaged has been found, and there is enough without it. */
  public void repaired() {
    damaged = false;
  }

  /** A write of the member's has failed. */
  void failed() {
    failedNanos = world.nowNanos();
  }

  /** The disk is full from now on, or has space again. */
  public void fill(boolean nowFull) {
    full = nowFull;
  }

  boolean isFull() {
    return full;
  }

  /** The known bug of a journal that fails what takes longer. */
  public void giveUpAfter(long nanos) {
    patienceNanos = nanos;
  }

  /** A file of the member's was damaged. */
  public void damage() {
    damaged = true;
  }

  /** Nothing becomes durable for this time. */
  public void stall(long nanos) {
    probes.hit(Probe.DISK_STALLED);
    stalledUntilNanos = world.nowNanos() + nanos;
  }

  /** Writes and syncs; tells null when that is done, or why it failed. */
  void write(SimProcess process, List<Stored> records, Consumer<IOException> done) {
    Write write = new Write(records);
    pending.add(write);
    if (lying) {
      done.accept(null);
    }
    long nanos = syncNanos();
    if (nanos > patienceNanos) {
      world.after(patienceNanos, () -> giveUp(process, done));
    } else {
      world.after(nanos, () -> finish(process, write, done));
    }
  }

  private void giveUp(SimProcess process, Consumer<IOException> done) {
    if (!process.isCrashed()) {
      done.accept(new IOException("simulated: the circuit breaker timed out"));
    }
  }

  private void finish(SimProcess process, Write write, Consumer<IOException> done) {
    if (process.isCrashed()) {
      return;
    }
    boolean fails = random.nextInt(1_000_000) < settings.failPerMillion();
    if (!lying && (full || fails)) {
      failed();
      probes.hit(full ? Probe.JOURNAL_ON_A_FULL_DISK : Probe.FSYNC_FAILED);
      done.accept(new IOException(full ? "simulated: no space left" : "simulated: fsync failed"));
      return;
    }
    sync(write);
    if (!lying) {
      done.accept(null);
    }
  }

  private void sync(Write upTo) {
    boolean more = pending.contains(upTo);
    while (more) {
      Write first = pending.remove(0);
      keep(first.records());
      more = first != upTo;
    }
  }

  private void keep(List<Stored> records) {
    for (Stored stored : records) {
      durable.put(stored.sequence(), stored);
      highest = Math.max(highest, stored.sequence());
    }
  }

  private long syncNanos() {
    long spread = settings.syncMaxNanos() - settings.syncMinNanos();
    long nanos = settings.syncMinNanos() + random.nextLong(spread + 1);
    if (random.nextInt(1000) < settings.stallPerMille()) {
      probes.hit(Probe.SLOW_FSYNC);
      nanos += settings.stallNanos();
    }
    return nanos + Math.max(0, stalledUntilNanos - world.nowNanos());
  }

  /** Nothing that is not synced survives the next power cut. */
  public void losesUnsynced() {
    losing = true;
  }

  /** The power is gone. */
  public void powerCut() {
    boolean reached = true;
    for (Write write : pending) {
      for (Stored stored : write.records()) {
        int fate = losing ? 2 : random.nextInt(3);
        if (reached && fate == 0) {
          probes.hit(Probe.UNSYNCED_WRITE_SURVIVED_A_CRASH);
          keep(List.of(stored));
        } else {
          probes.hit(
              reached && fate == 1 ? Probe.TORN_WRITE_AT_A_CRASH : Probe.UNSYNCED_WRITE_LOST);
          reached = false;
        }
      }
    }
    pending.clear();
    losing = false;
  }

  /** Flips one bit of something durable; false if there is nothing. */
  public boolean rot() {
    if (durable.isEmpty()) {
      return false;
    }
    List<Long> sequences = List.copyOf(durable.keySet());
    Stored victim = durable.get(sequences.get(random.nextInt(sequences.size())));
    byte[] bytes = victim.bytes().clone();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    durable.put(victim.sequence(), new Stored(victim.sequence(), victim.manifest(), bytes));
    probes.hit(Probe.BIT_FLIPPED_IN_THE_JOURNAL);
    damaged = true;
    return true;
  }

  List<Stored> read(long from, long to) {
    return from > to ? List.of() : List.copyOf(durable.subMap(from, true, to, true).values());
  }

  long highest() {
    return highest;
  }

  void delete(long to) {
    durable.headMap(to, true).clear();
    probes.hit(Probe.JOURNAL_TRIMMED);
  }
}
