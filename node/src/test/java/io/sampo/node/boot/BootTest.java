package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.boot.NodeConfig.CompactionMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class BootTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(
      resources = "refused.csv",
      delimiter = '|',
      numLinesToSkip = 1,
      quoteCharacter = '`')
  void badFlagsAreRefusedInEtcdsWords(String flags, String report, String message) {
    Boot.Outcome.Refused refused =
        assertInstanceOf(Boot.Outcome.Refused.class, Boot.read(words(flags), Map.of()));

    assertEquals(message, refused.reason().getMessage());
    assertEquals(report, refused.reason().report().name());
  }

  @Test
  void defaultsAreThoseOfEtcd() {
    NodeConfig config = start();

    assertEquals("default", config.name());
    assertEquals(Path.of("default.etcd"), config.dataDir());
    assertEquals("[http://localhost:2379]", config.urls().listenClient().toString());
    assertEquals("[http://localhost:2379]", config.urls().advertiseClient().toString());
    assertEquals(
        "default=http://localhost:2380", InitialCluster.format(config.cluster().initialMembers()));
    assertEquals(SECOND / 10, config.raft().heartbeatIntervalNanos());
    assertEquals(SECOND, config.raft().electionTimeoutNanos());
    assertEquals(7 * SECOND, config.requestTimeoutNanos());
    assertEquals(10_000, config.storage().snapshotCount());
    assertEquals(2L << 30, config.storage().quotaBackendBytes());
    assertEquals(128, config.limits().maxTxnOps());
    assertEquals(1_572_864, config.limits().maxRequestBytes());
    assertEquals(2_097_152, config.limits().maxReceivedMessageBytes());
    assertEquals(4_294_967_295L, config.limits().maxConcurrentStreams());
    assertEquals(
        new NodeConfig.Compaction(CompactionMode.PERIODIC, 0, 250, SECOND / 100),
        config.compaction());
    assertEquals(600 * SECOND, config.timing().watchProgressNotifyIntervalNanos());
    assertEquals(List.of("*"), config.http().cors());
  }

  @Test
  void everySpellingOfAFlagIsTaken() {
    assertEquals("x", start("--name=x").name());
    assertEquals("x", start("--name", "x").name());
    assertEquals("x", start("-name", "x").name());
    assertEquals("y", start("-name=x", "--name=y").name());
    assertTrue(start("--unsafe-no-fsync").storage().unsafeNoFsync());
    assertEquals(false, start("--pre-vote=F").raft().preVote());
    assertEquals("x", start("--force", "-v", "--vv=1", "--snapshot", "--name=x", "--").name());
  }

  @Test
  void numbersMayCarryABaseAndUnderscores() {
    assertEquals(16, start("--quota-backend-bytes=0x10").storage().quotaBackendBytes());
    assertEquals(2 * SECOND, start("--election-timeout=2_000").raft().electionTimeoutNanos());
    assertEquals(Long.MAX_VALUE, start("--quota-backend-bytes=-1").storage().quotaBackendBytes());
  }

  @Test
  void retentionIsHoursOrRevisionsUnlessItHasAUnit() {
    assertEquals(3_600 * SECOND, start("--auto-compaction-retention=1").compaction().retention());
    assertEquals(90 * SECOND, start("--auto-compaction-retention=1m30s").compaction().retention());
    NodeConfig.Compaction byRevision =
        start("--auto-compaction-mode=revision", "--auto-compaction-retention=500").compaction();
    assertEquals(500, byRevision.retention());
    assertEquals(CompactionMode.REVISION, byRevision.mode());
  }

  @Test
  void anEmptyUrlListLeavesTheDefault() {
    assertEquals(
        "[http://localhost:2379]",
        start("--advertise-client-urls=").urls().advertiseClient().toString());
  }

  @Test
  void theSampleFileSaysTheDefaults() {
    NodeConfig sample = start("--config-file=../conf/etcd.conf.yml");
    NodeConfig defaults = start();

    assertEquals(defaults.urls(), sample.urls());
    assertEquals(defaults.cluster(), sample.cluster());
    assertEquals(defaults.raft(), sample.raft());
    assertEquals(defaults.storage(), sample.storage());
    assertEquals(defaults.limits(), sample.limits());
    assertEquals(defaults.compaction(), sample.compaction());
    assertEquals(defaults.http(), sample.http());
    assertEquals(defaults.timing(), sample.timing());
    assertEquals(defaults.dataDir(), sample.dataDir());
  }

  @Test
  void theThreeSampleMembersAreOneCluster() {
    NodeConfig one = start("--config-file=../conf/cluster/one.yaml");
    for (String name : List.of("one", "two", "three")) {
      NodeConfig member = start("--config-file=../conf/cluster/" + name + ".yaml");

      assertEquals(name, member.name());
      assertEquals(Path.of(name + ".etcd"), member.dataDir());
      assertEquals(one.cluster(), member.cluster());
      assertEquals(member.urls().initialAdvertisePeer(), one.cluster().initialMembers().get(name));
      assertEquals(member.urls().listenClient(), member.urls().advertiseClient());
    }
  }

  @Test
  void aFileReplacesFlagsAndVariables() {
    Boot.Outcome.Start start =
        assertInstanceOf(
            Boot.Outcome.Start.class,
            Boot.read(
                List.of("--config-file=../conf/etcd.conf.yml", "--name=x", "--enable-pprof"),
                Map.of("ETCD_NAME", "y", "ETCD_FOO", "z")));

    assertEquals("default", start.config().name());
    assertTrue(
        start.notices().stream()
            .anyMatch(notice -> notice.message().startsWith("loaded server configuration")));
  }

  @Test
  void helpAndVersionNeedNoNode() {
    for (String help : List.of("-h", "--help", "-help=true")) {
      assertInstanceOf(Boot.Outcome.Help.class, Boot.read(List.of("--name=x", help), Map.of()));
    }
    assertInstanceOf(Boot.Outcome.Version.class, Boot.read(List.of("-version=true"), Map.of()));
  }

  private static List<String> words(String flags) {
    return Arrays.stream(flags.split(" ")).map(word -> word.replace('~', ' ')).toList();
  }

  private static NodeConfig start(String... flags) {
    return assertInstanceOf(Boot.Outcome.Start.class, Boot.read(List.of(flags), Map.of())).config();
  }
}
