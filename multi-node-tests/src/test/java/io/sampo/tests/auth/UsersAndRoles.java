package io.sampo.tests.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.CommandResult;
import java.util.List;

/** A user of a role, whose keys begin with app/; made, and held to that. */
public final class UsersAndRoles {
  /** etcdctl's option by which root calls. */
  public static final String ROOT = "--user=root:secret";

  /** Likewise ann, who has the role. */
  public static final String ANN = "--user=ann:apples";

  private UsersAndRoles() {}

  /** Makes them and the key {@code other}, and turns authentication on. */
  public static void create(Etcdctl etcdctl) {
    etcdctl.put("other", "open");
    assertFails("root user does not exist", etcdctl.run("auth", "enable"));
    assertEquals(List.of("User root created"), etcdctl.lines("user", "add", "root:secret"));
    etcdctl.lines("user", "grant-role", "root", "root");
    etcdctl.lines("user", "add", "ann:apples");
    assertEquals(List.of("Role app created"), etcdctl.lines("role", "add", "app"));
    etcdctl.lines("role", "grant-permission", "app", "readwrite", "app/", "--prefix");
    etcdctl.lines("user", "grant-role", "ann", "app");
    assertEquals(List.of("Authentication Enabled"), etcdctl.lines("auth", "enable"));
  }

  /** Asks for what the user may do and for what not. */
  public static void hold(Etcdctl etcdctl) {
    assertEquals(List.of("OK"), etcdctl.lines("put", "app/k", "v", ANN));
    assertEquals(List.of("app/k", "v"), etcdctl.lines("get", "app/", "--prefix", ANN));
    assertDenied(etcdctl, "get", "other", ANN);
    assertDenied(etcdctl, "put", "other", "taken", ANN);
    assertDenied(etcdctl, "get", "app", "--prefix", ANN);
    assertDenied(etcdctl, "user", "list", ANN);
    assertFails("user name is empty", etcdctl.run("get", "app/k"));
    assertFails("invalid user ID or password", etcdctl.run("get", "app/k", "--user=ann:pears"));
    assertEquals(List.of("ann", "root"), etcdctl.lines("user", "list", ROOT));
    assertEquals(List.of("other", "open"), etcdctl.lines("get", "other", ROOT));
  }

  /** The command ends with etcd's PERMISSION_DENIED. */
  public static void assertDenied(Etcdctl etcdctl, String... words) {
    assertFails("permission denied", etcdctl.run(words));
  }

  private static void assertFails(String why, CommandResult result) {
    String error = result.failed().err();
    assertTrue(error.contains(why), error);
  }
}
