package io.sampo.tests.moving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.protocol.etcdserverpb.DowngradeRequest;
import io.sampo.protocol.etcdserverpb.DowngradeResponse;
import io.sampo.tests.auth.UsersAndRoles;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * etcd 3.8 makes no {@code .snap} files: only its log and its database say where they go on and who
 * the members are. Its directories are taken over once it was told to go back to 3.7, as etcd 3.7
 * asks for too.
 */
@RequiresTool("etcdctl")
class NewerEtcdTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final String[] FLAGS = {"--snapshot-count=50", "--bcrypt-cost=4"};

  private final TempDirectory temporary = TempDirectory.create("sampo-newer");
  private final Path data = temporary.path().resolve("data");
  private ServerProgram newer;
  private List<String> etcdutl;

  @BeforeEach
  void findIt() {
    assumeTrue(
        ServerProgram.newerEtcd().isPresent(),
        "no etcd 3.8: name one with -Dsampo.etcd.newer=FILE");
    newer = ServerProgram.newerEtcd().orElseThrow();
    etcdutl = List.of(Path.of(newer.command().get(0)).resolveSibling("etcdutl").toString());
  }

  @AfterEach
  void clean() {
    temporary.close();
  }

  @Test
  void itsDirectoryIsTakenOverAfterADowngradeAndWhatComesOfItGoesBack() {
    writeAndKill();
    assertRefused();
    String hash = downgradeAndKill();
    assertTrue(
        Directories.contents(data.resolve("member/snap")).keySet().stream()
            .noneMatch(name -> name.endsWith(".snap")));

    Path file = temporary.path().resolve("s.db");
    try (ServerUnderTest sampo = ServerUnderTest.startOn(ServerProgram.underTest(), data)) {
      Etcdctl etcdctl = new Etcdctl(sampo);
      assertEquals(hash, hash(etcdctl));
      assertEquals(1, etcdctl.lines("member", "list", UsersAndRoles.ROOT).size());
      UsersAndRoles.hold(etcdctl);
      sampo.kill();
      sampo.start();
      UsersAndRoles.hold(etcdctl);
      etcdctl.lines("snapshot", "save", file.toString(), UsersAndRoles.ROOT);
    }
    try (ServerUnderTest before = ServerUnderTest.startOn(newer, data.resolve("before-sampo"))) {
      assertEquals(hash, hash(new Etcdctl(before)));
      UsersAndRoles.hold(new Etcdctl(before));
    }
    restored(newer, file);
    restored(ServerProgram.underTest(), file);
  }

  private void writeAndKill() {
    try (ServerUnderTest server = ServerUnderTest.startOn(newer, data, FLAGS)) {
      History.write(server, 300);
      awaitVersion(server, "\"storage\":\"3.8.0\"");
      server.kill();
    }
  }

  private void assertRefused() {
    Path copy = Directories.copy(data, temporary.path().resolve("not-downgraded"));
    try (ServerUnderTest sampo = ServerUnderTest.preparedOn(ServerProgram.underTest(), copy)) {
      sampo.launch();
      assertEquals(1, sampo.awaitExit(LIMIT), sampo::log);
      assertTrue(sampo.log().contains("version \\\"3.8.0\\\" is not supported"), sampo::log);
    }
    assertFalse(copy.resolve("before-sampo").toFile().exists());
  }

  /** Returns the hash of what it leaves. */
  private String downgradeAndKill() {
    try (ServerUnderTest server = ServerUnderTest.startOn(newer, data, FLAGS);
        GrpcClient client = new GrpcClient(server.endpoint())) {
      client.call(
          "/etcdserverpb.Maintenance/Downgrade",
          DowngradeRequest.newBuilder()
              .setAction(DowngradeRequest.DowngradeAction.ENABLE)
              .setVersion("3.7")
              .build(),
          DowngradeResponse.getDefaultInstance());
      awaitVersion(server, "\"storage\":\"3.7.0\"");
      Etcdctl etcdctl = new Etcdctl(server);
      for (int i = 0; i < 60; i++) {
        etcdctl.put("after/" + i % 7, "downgrade " + i);
      }
      UsersAndRoles.create(etcdctl);
      String hash = hash(etcdctl);
      server.kill();
      return hash;
    }
  }

  /** By 3.8's etcdutl, which makes no such files either. */
  private void restored(ServerProgram program, Path file) {
    try (ClusterUnderTest cluster =
        ClusterUnderTest.prepared(program, 3, member -> Snapshots.restore(etcdutl, file, member))) {
      for (ServerUnderTest member : cluster.members()) {
        UsersAndRoles.hold(new Etcdctl(member));
      }
      Etcdctl etcdctl = new Etcdctl(cluster.member(0));
      assertEquals(3, etcdctl.lines("member", "list", UsersAndRoles.ROOT).size());
    }
  }

  private static String hash(Etcdctl etcdctl) {
    String line = etcdctl.lines("endpoint", "hashkv", UsersAndRoles.ROOT).get(0);
    return line.substring(line.indexOf(','));
  }

  private static void awaitVersion(ServerUnderTest server, String part) {
    Await.until(
        LIMIT,
        () -> "no " + part,
        () ->
            Http.tryGet(server.url() + "/version")
                .map(Http.Answer::body)
                .orElse("")
                .contains(part));
  }
}
