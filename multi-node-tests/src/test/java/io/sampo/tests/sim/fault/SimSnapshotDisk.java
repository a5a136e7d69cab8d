package io.sampo.tests.sim.fault;

import io.sampo.persistence.disk.DiskSpace;
import io.sampo.persistence.snapshot.SnapshotDisk;
import io.sampo.tests.sim.kernel.PowerCut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * Snapshots go to real files, in memory where the system has such a place, so that the production
 * code for files is part of every history; what is simulated is how writing them goes wrong.
 */
public final class SimSnapshotDisk implements SnapshotDisk {
  private final SnapshotDisk files = SnapshotDisk.real();
  private final SimDisk disk;
  private final RandomGenerator random;
  private final Probes probes;
  private final Runnable powerCut;

  /**
   * @param powerCut ends the process; called in the middle of an operation
   */
  public SimSnapshotDisk(SimDisk disk, RandomGenerator random, Probes probes, Runnable powerCut) {
    this.disk = disk;
    this.random = random;
    this.probes = probes;
    this.powerCut = powerCut;
  }

  private PowerCut cutPower() {
    powerCut.run();
    return new PowerCut();
  }

  @Override
  public Output create(Path file) throws IOException {
    boolean fails = happens(disk.settings().snapshotFailPerMille()) || disk.isFull();
    boolean cut = !fails && happens(disk.settings().snapshotCutPerMille());
    return new Doomed(files.create(file), fails, cut);
  }

  private boolean happens(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  @Override
  public long usableBytes(Path directory) {
    if (disk.isFull()) {
      disk.failed();
      return 0;
    }
    int shortage = disk.settings().shortagePerMille();
    if (shortage > 0 && happens(shortage)) {
      probes.hit(Probe.DISK_HAD_NO_SPACE_BESIDE_THE_LOG);
      return DiskSpace.LOG_RESERVE_BYTES;
    }
    return Long.MAX_VALUE;
  }

  @Override
  public void forceDirectory(Path directory) {
    if (happens(disk.settings().snapshotCutPerMille())) {
      probes.hit(Probe.POWER_CUT_AFTER_A_SNAPSHOT_WAS_NAMED);
      throw cutPower();
    }
  }

  private final class Doomed implements Output {
    private final Output file;
    private final boolean fails;
    private final boolean cut;

    Doomed(Output file, boolean fails, boolean cut) {
      this.file = file;
      this.fails = fails;
      this.cut = cut;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (fails) {
        disk.failed();
        probes.hit(Probe.SNAPSHOT_COULD_NOT_BE_WRITTEN);
        throw new IOException("simulated: no space left on device");
      }
      if (cut) {
        probes.hit(Probe.POWER_CUT_WHILE_A_SNAPSHOT_WAS_WRITTEN);
        bytes.limit(bytes.position() + bytes.remaining() / 2);
        file.write(bytes);
        throw cutPower();
      }
      return file.write(bytes);
    }

    @Override
    public void force() {
      // The files need not outlive this JVM.
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
