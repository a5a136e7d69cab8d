package io.sampo.tests.sim.cluster;

import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.server.MemberSetup;
import io.sampo.node.server.ServerTokens;
import io.sampo.persistence.log.LogSettings;
import io.sampo.persistence.snapshot.SnapshotStore;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.tests.sim.fault.SimSnapshotDisk;
import io.sampo.tests.sim.kernel.SimProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What production's boot gives to a member, from the simulated disk, network and clocks.
 *
 * @param bootstrap the entries that a log begins with, until it is established
 * @param wallOffsetMillis by how much the member's wall clock is wrong now
 */
record SimMemberSetup(
    SimMember member,
    NodeConfig config,
    List<Entry> bootstrap,
    RandomGenerator random,
    LongSupplier wallOffsetMillis) {
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;
  private static final long JOURNAL_RECLAIM_BYTES = 2_000;

  /**
   * For the process that the member has now.
   *
   * @param established whether its log must be there already
   */
  MemberSetup of(boolean established) {
    SimCluster cluster = member.cluster();
    SystemSources sources = sources();
    try {
      return new MemberSetup(
          config,
          sources,
          member.identity(),
          established ? List.of() : bootstrap,
          disk(sources, established),
          cluster.mutation().tokens(member, ServerTokens.open(config.auth(), sources)),
          any -> new MemberSetup.Network(member::send, Optional.empty()),
          new MemberSetup.Instruments(
              cluster.mutation().rules(member),
              new MemberInterceptor(member),
              raft -> raft.withLimits(cluster.settings().limits())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  private SystemSources sources() {
    SimProcess process = member.process();
    SimCluster cluster = member.cluster();
    return new SystemSources(
        process::nanoTime,
        () -> EPOCH_MILLIS + wallOffsetMillis.getAsLong() + cluster.world().nowNanos() / 1_000_000,
        () -> new SplittableRandom(random.nextLong()),
        () -> new SplittableRandom(random.nextLong()));
  }

  private MemberSetup.Disk disk(SystemSources sources, boolean established) throws IOException {
    return new MemberSetup.Disk(
        LogSettings.defaults("simulated")
            .withCatchUpEntries(config.storage().snapshotCatchUpEntries())
            .withReclaimBytes(JOURNAL_RECLAIM_BYTES)
            .withHistoryExpected(established),
        SnapshotStore.open(
            member.directory(),
            sources.nanoTime(),
            new SimSnapshotDisk(
                member.disk(),
                random,
                member.cluster().probes(),
                () -> member.end("power cut while it wrote"))),
        emptyDirectory(member.directory().resolve("received")));
  }

  /** As production finds it when it starts. */
  private static Path emptyDirectory(Path path) throws IOException {
    Files.createDirectories(path);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(path)) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
    return path;
  }
}
