package io.sampo.tests.moving;

import static io.sampo.tests.grpc.Etcd.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sampo makes of a member of etcd's that lost its majority what etcd makes of it. */
@RequiresTool({"etcdctl", "etcd"})
class ForceNewClusterTest {
  private final TempDirectory temporary = TempDirectory.create("sampo-forced");

  @AfterEach
  void clean() {
    temporary.close();
  }

  @Test
  void whatTheMajorityNeverHadIsDropped() {
    ServerProgram etcd = ServerProgram.etcdOfPath().orElseThrow();
    Path data;
    Path copy = temporary.path().resolve("copy");
    Path sampos = temporary.path().resolve("sampos");
    try (ClusterUnderTest cluster = ClusterUnderTest.start(etcd, 3, "--snapshot-count=60")) {
      ServerUnderTest leader =
          cluster.members().stream().filter(ForceNewClusterTest::leads).findFirst().orElseThrow();
      History.write(leader, 100);
      cluster.members().stream().filter(it -> it != leader).forEach(ServerUnderTest::kill);
      writeInVain(leader);
      leader.kill();
      data = leader.dataDirectory();
      Directories.copy(data, copy);
      Directories.copy(data, sampos);
    }
    List<String> expected = forced(etcd, copy);
    List<String> found = forced(ServerProgram.underTest(), sampos);
    assertEquals(expected, found);
    assertFalse(found.toString().contains("in-vain"), found::toString);
  }

  private static boolean leads(ServerUnderTest member) {
    var status =
        new Etcdctl(member)
            .json("endpoint", "status")
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("Status");
    return status
        .get("leader")
        .getAsBigInteger()
        .equals(status.getAsJsonObject("header").get("member_id").getAsBigInteger());
  }

  /** The leader writes it into its log, but nobody else does. */
  private static void writeInVain(ServerUnderTest leader) {
    try (GrpcClient client = new GrpcClient(leader.endpoint())) {
      new Etcd(client).put(PutRequest.newBuilder().setKey(bytes("in-vain")).setValue(bytes("x")));
      throw new AssertionError("a put without a majority succeeded");
    } catch (RuntimeException timeout) {
      assertTrue(timeout.getMessage() != null, timeout::toString);
    }
  }

  private static List<String> forced(ServerProgram program, Path data) {
    try (ServerUnderTest alone = ServerUnderTest.startOn(program, data, "--force-new-cluster")) {
      List<String> answers = Answers.of(alone);
      assertEquals(1, new Etcdctl(alone).lines("member", "list").size());
      assertTrue(new Etcdctl(alone).put("alone", "again") > 1);
      return answers;
    }
  }
}
