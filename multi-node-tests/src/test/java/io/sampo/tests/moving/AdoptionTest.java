package io.sampo.tests.moving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.auth.UsersAndRoles;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A directory that etcd left gives the same answers here as under etcd. */
@RequiresTool({"etcdctl", "etcd"})
class AdoptionTest {
  private static final String[] SMALL_SNAPSHOTS = {"--snapshot-count=150"};

  private final TempDirectory temporary = TempDirectory.create("sampo-adoption");
  private int adoptions;

  @AfterEach
  void clean() {
    temporary.close();
  }

  @Test
  void whatDebiansEtcdLeavesWhenItIsKilledUnderLoad() {
    adoptAfterKill(ServerProgram.etcdOfPath().orElseThrow());
  }

  @Test
  void whatEtcdOfTheSameVersionLeavesWhenItIsKilledUnderLoad() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    adoptAfterKill(etcd.get());
  }

  @Test
  void whatOlderEtcdsLeaveWhenTheyAreKilledUnderLoad() {
    List<ServerProgram> older = ServerProgram.olderEtcds();
    assumeFalse(older.isEmpty(), "no older etcd: name some with -Dsampo.etcd.older=FILE,FILE");
    older.forEach(this::adoptAfterKill);
  }

  private void adoptAfterKill(ServerProgram etcd) {
    Path data = temporary.path().resolve(Integer.toString(++adoptions)).resolve("data");
    try (ServerUnderTest server = ServerUnderTest.startOn(etcd, data, SMALL_SNAPSHOTS)) {
      History.write(server, 900);
      int acknowledged = History.killUnderLoad(server, 100);
      assertEquals(99, acknowledged);
    }
    compare(etcd, data);
  }

  /** The kill before this one came late: on a busy machine the last steps are over by then. */
  private static final String TAKEN_OVER_BEFORE = "server has already been initialized";

  @Test
  void beingKilledWhileItTakesOverIsHarmless() {
    ServerProgram etcd = ServerProgram.etcdOfPath().orElseThrow();
    Path data = temporary.path().resolve("data");
    List<String> expected;
    try (ServerUnderTest server = ServerUnderTest.startOn(etcd, data, SMALL_SNAPSHOTS)) {
      History.write(server, 300);
      expected = Answers.of(server);
      server.kill();
    }
    for (String moment :
        List.of("taking over", "copied etcd's database", "copied etcd's log", "took over")) {
      try (ServerUnderTest sampo = ServerUnderTest.preparedOn(ServerProgram.underTest(), data)) {
        sampo.launch();
        Await.until(
            Duration.ofMinutes(4),
            sampo::log,
            () -> sampo.log().contains(moment) || sampo.log().contains(TAKEN_OVER_BEFORE));
        sampo.kill();
      }
    }
    assertEquals(expected, answers(ServerProgram.underTest(), data));
  }

  /** With an alarm a member says that it is not healthy, so nobody waits for that. */
  @Test
  void anAlarmAndALogOfItsOwnFolder() {
    ServerProgram etcd = ServerProgram.etcdOfPath().orElseThrow();
    Path data = temporary.path().resolve("data");
    Path wal = temporary.path().resolve("wal");
    try (ServerUnderTest server = ServerUnderTest.startOn(etcd, data, "--wal-dir=" + wal)) {
      History.write(server, 50);
      History.raiseAlarm(server);
      server.kill();
    }
    Path copy = Directories.copy(data, temporary.path().resolve("data-of-etcd"));
    Path walCopy = Directories.copy(wal, temporary.path().resolve("wal-of-etcd"));
    List<String> expected = answersWithAlarm(etcd, copy, walCopy);
    assertTrue(expected.contains("memberID:1 alarm:NOSPACE "), expected::toString);
    assertEquals(expected, answersWithAlarm(ServerProgram.underTest(), data, wal));
    assertEquals(
        expected,
        answersWithAlarm(etcd, data.resolve("before-sampo"), wal.resolve("before-sampo")));
  }

  private static List<String> answersWithAlarm(ServerProgram program, Path data, Path wal) {
    try (ServerUnderTest server = ServerUnderTest.preparedOn(program, data, "--wal-dir=" + wal)) {
      server.launch();
      Await.until(
          Duration.ofMinutes(4),
          server::log,
          () -> new Etcdctl(server).run("get", "key").exitCode() == 0);
      return Answers.of(server);
    }
  }

  /** Sampo on the directory itself, etcd on a copy. */
  private void compare(ServerProgram etcd, Path data) {
    Path copy = Directories.copy(data, data.resolveSibling("data-of-etcd"));
    List<String> expected = answers(etcd, copy);
    try (ServerUnderTest sampo = ServerUnderTest.startOn(ServerProgram.underTest(), data)) {
      assertEquals(expected, Answers.of(sampo));
      sampo.kill();
      sampo.start();
      assertEquals(expected, Answers.of(sampo));
      assertTrue(new Etcdctl(sampo).put("after", "adoption") > 1);
      Await.until(
          Duration.ofMinutes(1),
          () -> "the cluster's version does not rise: " + version(sampo),
          () -> version(sampo).contains("\"etcdcluster\":\"3.7.0\""));
    }
    // What was set aside is a directory of etcd's, as it was.
    assertEquals(expected, answers(etcd, data.resolve("before-sampo")));
  }

  private static String version(ServerUnderTest server) {
    return Http.tryGet(server.url() + "/version").map(Http.Answer::body).orElse("");
  }

  private static List<String> answers(ServerProgram etcd, Path data) {
    try (ServerUnderTest server = ServerUnderTest.startOn(etcd, data)) {
      return Answers.of(server);
    }
  }

  @Test
  void whatCannotBeTakenOverIsRefusedAndLeftAlone() throws IOException {
    ServerProgram etcd = ServerProgram.etcdOfPath().orElseThrow();
    Path data = temporary.path().resolve("data");
    try (ServerUnderTest server = ServerUnderTest.startOn(etcd, data)) {
      History.write(server, 20);
      assertRefused(data, "is in use by another process: is etcd still running?");
      server.stop();
      Path damaged = Directories.copy(data, temporary.path().resolve("damaged"));
      flipABit(damaged);
      assertRefused(damaged, "damaged at byte");
    }
  }

  @Test
  void usersAndRolesComeWithTheDirectory() {
    adoptWithUsers(ServerProgram.etcdOfPath().orElseThrow());
  }

  @Test
  void soDoThoseOfTheSameVersionAndTheyCanGoBack() {
    Optional<ServerProgram> etcd = ServerProgram.etcdOfSameVersion();
    assumeTrue(etcd.isPresent(), "no etcd 3.7.1: name one with -Dsampo.etcd=FILE");
    Path file = adoptWithUsers(etcd.get());
    Path etcdutl = Path.of(etcd.get().command().get(0)).resolveSibling("etcdutl");
    assumeTrue(Files.isExecutable(etcdutl), "no etcdutl beside " + etcd.get().command());
    try (ClusterUnderTest restored =
        ClusterUnderTest.prepared(
            etcd.get(),
            1,
            member -> Snapshots.restore(List.of(etcdutl.toString()), file, member))) {
      UsersAndRoles.hold(new Etcdctl(restored.member(0)));
    }
  }

  /** Returns a snapshot that Sampo saved then. */
  private Path adoptWithUsers(ServerProgram etcd) {
    Path data = temporary.path().resolve("data");
    try (ServerUnderTest server = ServerUnderTest.startOn(etcd, data, "--bcrypt-cost=4")) {
      UsersAndRoles.create(new Etcdctl(server));
      server.kill();
    }
    Path file = temporary.path().resolve("s.db");
    try (ServerUnderTest sampo = ServerUnderTest.startOn(ServerProgram.underTest(), data)) {
      Etcdctl etcdctl = new Etcdctl(sampo);
      UsersAndRoles.hold(etcdctl);
      UsersAndRoles.assertDenied(etcdctl, "snapshot", "save", file.toString(), UsersAndRoles.ANN);
      etcdctl.lines("snapshot", "save", file.toString(), UsersAndRoles.ROOT);
    }
    try (ServerUnderTest before = ServerUnderTest.startOn(etcd, data.resolve("before-sampo"))) {
      UsersAndRoles.hold(new Etcdctl(before));
    }
    return file;
  }

  private static void flipABit(Path data) throws IOException {
    Path log;
    try (Stream<Path> files = Files.list(data.resolve("member/wal"))) {
      log = files.filter(file -> file.toString().endsWith(".wal")).findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.seek(400);
      int old = file.read();
      file.seek(400);
      file.write(old ^ 4);
    }
  }

  private static void assertRefused(Path data, String reason) {
    Map<String, String> before = Directories.contents(data.resolve("member/snap"));
    Map<String, String> log = Directories.contents(data.resolve("member/wal"));
    try (ServerUnderTest sampo = ServerUnderTest.preparedOn(ServerProgram.underTest(), data)) {
      sampo.launch();
      assertEquals(1, sampo.awaitExit(Duration.ofMinutes(2)), sampo::log);
      assertTrue(
          sampo
              .log()
              .lines()
              .anyMatch(
                  line ->
                      line.contains("cannot take over the data directory")
                          && line.contains(reason)),
          sampo::log);
    }
    assertEquals(before.keySet(), Directories.contents(data.resolve("member/snap")).keySet());
    assertEquals(log.keySet(), Directories.contents(data.resolve("member/wal")).keySet());
  }
}
