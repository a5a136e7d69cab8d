package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.compaction.RetentionRule;
import io.sampo.node.edge.http2.Http2Settings;
import io.sampo.node.peer.stream.StreamLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the command line to the part of the node whose work a flag decides. */
class FlagWiringTest {
  @TempDir Path folder;

  @Test
  void theModeSaysWhetherRevisionsOrHoursAreKept() {
    RetentionRule revisions = retention("--auto-compaction-mode=revision");
    assertEquals(Duration.ofMinutes(5), revisions.interval());
    assertEquals(OptionalLong.of(95), revisions.due(0, 100));
    RetentionRule hours = retention("--auto-compaction-mode=periodic");
    assertEquals(Duration.ofMinutes(6), hours.interval());
    assertEquals(OptionalLong.empty(), hours.due(Duration.ofMinutes(6).toNanos(), 100));
  }

  private static RetentionRule retention(String mode) {
    return Monitors.retention(
        FlaggedNode.config(mode, "--auto-compaction-retention=5").compaction(), 0, 1);
  }

  @Test
  void clientsPingAndArePingedAsTheFlagsSay() {
    Http2Settings.KeepAliveSettings told =
        Ports.http2Settings(
                FlaggedNode.config(
                    "--grpc-keepalive-min-time=1s",
                    "--grpc-keepalive-interval=2s",
                    "--grpc-keepalive-timeout=3s"),
                true)
            .keepAlive();
    assertEquals(
        new Http2Settings.KeepAliveSettings(2_000_000_000L, 3_000_000_000L, 1_000_000_000L), told);
  }

  /** The journal plugin writes with or without fsync as this setting says. */
  @Test
  void theJournalIsFlushedUnlessThatIsNotAskedFor() throws IOException {
    assertEquals(true, isFlushed());
    assertEquals(true, isFlushed("--unsafe-no-fsync=false"));
    assertEquals(false, isFlushed("--unsafe-no-fsync"));
  }

  private boolean isFlushed(String... flags) throws IOException {
    List<String> all = new ArrayList<>(List.of(flags));
    all.add("--data-dir=" + folder);
    ServerDisk disk = ServerDisk.open(FlaggedNode.config(all));
    try {
      var journal = disk.journal();
      return journal.getBoolean(journal.getString("pekko.persistence.journal.plugin") + ".fsync");
    } finally {
      disk.close();
    }
  }

  @Test
  void whoIsSilentAndWhoTakesNothingHaveTheirOwnTime() {
    StreamLimits usual = stream();
    assertEquals(Duration.ofSeconds(5), usual.timeout());
    assertEquals(Duration.ofSeconds(5), usual.writeTimeout());
    StreamLimits longer = stream("--raft-read-timeout=7s", "--raft-write-timeout=9s");
    assertEquals(Duration.ofSeconds(7), longer.timeout());
    assertEquals(Duration.ofSeconds(9), longer.writeTimeout());
    assertEquals(usual.linkHeartbeat(), longer.linkHeartbeat());
  }

  private static StreamLimits stream(String... flags) {
    return Server.peerSettings(FlaggedNode.config(flags)).stream();
  }
}
