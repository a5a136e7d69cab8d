package io.sampo.tests.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.tests.auth.UsersAndRoles;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Authentication turned on, and permissions taken away, while clients write and watch. */
@RequiresTool("etcdctl")
class AuthDrillTest {
  private static final String CHEAP = "--bcrypt-cost=4";
  private static final String NO_TOKEN = "etcdserver: user name is empty";
  private static final String DENIED = "etcdserver: permission denied";
  private static final String OLD_REVISION = "etcdserver: revision of auth store is old";

  @TempDir Path folder;

  @Test
  void authenticationIsEnabledAndARoleIsRevokedUnderLoad() {
    try (ClusterUnderTest cluster = ClusterUnderTest.start(ServerProgram.underTest(), 3, CHEAP);
        RetryingWriter nobody = RetryingWriter.start("app/nobody", cluster.members(), "")) {
      nobody.awaitMore(50);
      UsersAndRoles.create(new Etcdctl(cluster.member(0)));
      assertEquals(NO_TOKEN, nobody.awaitRefusal());
      for (ServerUnderTest member : cluster.members()) {
        String error = new Etcdctl(member).run("put", "app/k", "v").failed().err();
        assertTrue(error.contains(NO_TOKEN), error);
      }
      try (GrpcClient client = new GrpcClient(cluster.member(1).endpoint())) {
        Etcd root = new Etcd(client.with("token", token(client, "root", "secret")));
        nobody.assertKept(root);
        String ann = token(client, "ann", "apples");
        try (RetryingWriter writer = RetryingWriter.start("app/ann", cluster.members(), ann)) {
          writer.awaitMore(50);
          aWatchEndsWithItsRole(cluster, writer);
          writer.assertKept(root);
        }
      }
    }
  }

  /** The user keeps its name and its password, and root's watch of the same keys goes on. */
  private static void aWatchEndsWithItsRole(ClusterUnderTest cluster, RetryingWriter writer) {
    try (RunningCommand ofAnn =
            new Etcdctl(cluster.member(1)).start("watch", "app/", "--prefix", UsersAndRoles.ANN);
        RunningCommand ofRoot =
            new Etcdctl(cluster.member(2)).start("watch", "app/", "--prefix", UsersAndRoles.ROOT)) {
      for (RunningCommand watch : List.of(ofAnn, ofRoot)) {
        watch.await("events", lines -> lines.stream().anyMatch(l -> l.startsWith("app/ann")));
      }
      Etcdctl etcdctl = new Etcdctl(cluster.member(0));
      etcdctl.lines("user", "revoke-role", "ann", "app", UsersAndRoles.ROOT);
      // A put that was under way may meet the change between its two checks.
      String refusal = writer.awaitRefusal();
      assertTrue(List.of(DENIED, OLD_REVISION).contains(refusal), refusal);
      etcdctl.lines("put", "app/later", "secret", UsersAndRoles.ROOT);
      ofAnn.await(
          "the end", lines -> lines.stream().anyMatch(l -> l.contains("canceled by the server")));
      ofRoot.awaitLines("PUT", "app/later", "secret");
      assertTrue(!ofAnn.lines().contains("app/later"), () -> ofAnn.lines().toString());
    }
  }

  private static String token(GrpcClient client, String name, String password) {
    AuthenticateRequest request =
        AuthenticateRequest.newBuilder().setName(name).setPassword(password).build();
    return client
        .call("/etcdserverpb.Auth/Authenticate", request, AuthenticateResponse.getDefaultInstance())
        .getToken();
  }

  /**
   * etcd has no command for it. Another user with the role root changes the password; where there
   * is none, whoever signs the certificates of clients signs one for root.
   */
  @Test
  @RequiresTool("openssl")
  void rootsPasswordIsLostAndSetAnew() {
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "server");
    certificates.issue("ca", "root");
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest(), CHEAP)) {
      Etcdctl etcdctl = new Etcdctl(server);
      UsersAndRoles.create(etcdctl);
      etcdctl.lines("user", "add", "deputy:pears", UsersAndRoles.ROOT);
      etcdctl.lines("user", "grant-role", "deputy", "root", UsersAndRoles.ROOT);
      setPassword(etcdctl, "lost", UsersAndRoles.ROOT);
      lockedOut(etcdctl);
      setPassword(etcdctl, "secret", "--user=deputy:pears");
      assertEquals(List.of("other", "open"), etcdctl.lines("get", "other", UsersAndRoles.ROOT));

      etcdctl.lines("user", "delete", "deputy", UsersAndRoles.ROOT);
      setPassword(etcdctl, "lost", UsersAndRoles.ROOT);
      lockedOut(etcdctl);
      server.stop();
      server.launchWith(
          CHEAP,
          "--cert-file=" + certificates.cert("server"),
          "--key-file=" + certificates.key("server"),
          "--trusted-ca-file=" + certificates.cert("ca"),
          "--client-cert-auth");
      server.awaitReady();
      lockedOut(etcdctl);
      Etcdctl.overTls(server, certificates, "root")
          .typed("secret\n", "user", "passwd", "root", "--interactive=false")
          .succeeded();
      UsersAndRoles.hold(etcdctl);
    }
  }

  private static void lockedOut(Etcdctl etcdctl) {
    CommandResult refused = etcdctl.run("user", "list", UsersAndRoles.ROOT).failed();
    assertTrue(refused.err().contains("invalid user ID or password"), refused::err);
    assertTrue(etcdctl.run("auth", "disable").failed().err().contains(NO_TOKEN));
    assertTrue(etcdctl.run("auth", "disable", UsersAndRoles.ANN).failed().err().contains(DENIED));
  }

  private static void setPassword(Etcdctl etcdctl, String password, String user) {
    etcdctl
        .typed(password + "\n", "user", "passwd", "root", "--interactive=false", user)
        .succeeded();
  }
}
