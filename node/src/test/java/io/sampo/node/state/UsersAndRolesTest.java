package io.sampo.node.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.sampo.node.state.auth.AuthEvent;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.authpb.Permission.Type;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthRoleGetResponse;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleListResponse;
import io.sampo.protocol.etcdserverpb.AuthStatusRequest;
import io.sampo.protocol.etcdserverpb.AuthStatusResponse;
import io.sampo.protocol.etcdserverpb.AuthUserGetResponse;
import io.sampo.protocol.etcdserverpb.AuthUserListResponse;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Users, roles and permissions as the log changes them (etcd 3.7.1, auth/store.go). */
class UsersAndRolesTest {
  private static final String HASH = "aGFzaA==";

  private final Machine machine = new Machine();

  /** Authentication with root and a user "app" that may do everything below "app/". */
  private void on() {
    machine.done(AuthRequests.addUser("root", HASH));
    machine.done(AuthRequests.grantRole("root", "root"));
    machine.done(AuthRequests.addRole("app"));
    machine.done(AuthRequests.grant("app", Type.READWRITE, "app/", "app0"));
    machine.done(AuthRequests.addUser("app", HASH));
    machine.done(AuthRequests.grantRole("app", "app"));
    machine.done(AuthRequests.enable());
  }

  private long revision() {
    return machine.state.auth().revision();
  }

  private InternalRaftRequest byRoot(InternalRaftRequest request) {
    return AuthRequests.by("root", revision(), request);
  }

  private void keepsTheRevision(EtcdError error, InternalRaftRequest request) {
    AuthTable before = machine.state.auth();
    machine.fails(error, request);
    assertEquals(before, machine.state.auth());
  }

  @Test
  void enablingNeedsARootUserWithTheRootRole() {
    keepsTheRevision(EtcdError.ROOT_USER_NOT_EXIST, AuthRequests.enable());
    machine.done(AuthRequests.addUser("root", HASH));
    keepsTheRevision(EtcdError.ROOT_ROLE_NOT_EXIST, AuthRequests.enable());
    machine.done(AuthRequests.grantRole("root", "root"));
    machine.done(AuthRequests.enable());
    assertTrue(machine.state.auth().enabled());
    assertEquals(3, revision());
  }

  @Test
  void enablingTwiceAndDisablingTwiceAreNoChange() {
    on();
    assertEquals(7, revision());
    assertNull(machine.apply(byRoot(AuthRequests.enable())).authEvent());
    assertEquals(new AuthEvent.Disabled(), machine.apply(byRoot(disable())).authEvent());
    assertEquals(8, revision());
    assertNull(machine.apply(disable()).authEvent());
    assertEquals(8, revision());
    assertFalse(machine.state.auth().enabled());
  }

  private static InternalRaftRequest disable() {
    return AuthRequests.disable();
  }

  @Test
  void theStatusNeedsNoUser() {
    on();
    AuthStatusResponse status =
        (AuthStatusResponse)
            machine.done(
                InternalRaftRequest.newBuilder()
                    .setAuthStatus(AuthStatusRequest.getDefaultInstance())
                    .build());
    assertTrue(status.getEnabled());
    assertEquals(revision(), status.getAuthRevision());
  }

  @Test
  void usersAreAddedOnceAndNeedAName() {
    keepsTheRevision(EtcdError.USER_EMPTY, AuthRequests.addUser("", HASH));
    machine.done(AuthRequests.addUser("a", HASH));
    keepsTheRevision(EtcdError.USER_ALREADY_EXISTS, AuthRequests.addUser("a", "no base64"));
    assertEquals(ByteString.copyFromUtf8("hash"), machine.state.auth().user("a").getPassword());
    for (String unreadable : List.of("no base64", "aGFzaA", "====", "a\nGF")) {
      EtcdException error = machine.apply(AuthRequests.addUser("b", unreadable)).error();
      assertEquals(Status.Code.UNKNOWN, error.code());
      assertEquals(
          "auth: authentication failed, password was given for no password user", error.text());
    }
    machine.done(AuthRequests.addUser("b", "aGFz\naA\r\n=="));
  }

  @Test
  void aUserWithoutPasswordHasNoneEvenIfItIsChanged() {
    machine.done(AuthRequests.addUserWithoutPassword("cn"));
    machine.done(AuthRequests.changePassword("cn", HASH));
    assertTrue(machine.state.auth().user("cn").getPassword().isEmpty());
    assertTrue(machine.state.auth().user("cn").getOptions().getNoPassword());
    on();
    keepsTheRevision(EtcdError.AUTH_FAILED, AuthRequests.authenticate("cn", "p"));
  }

  @Test
  void aChangedPasswordAndADeletedUserInvalidateTokens() {
    machine.done(AuthRequests.addUser("a", HASH));
    assertEquals(
        new AuthEvent.UserInvalidated("a"),
        machine.apply(AuthRequests.changePassword("a", "bmV3")).authEvent());
    assertEquals(
        new AuthEvent.UserInvalidated("a"),
        machine.apply(AuthRequests.deleteUser("a")).authEvent());
    keepsTheRevision(EtcdError.USER_NOT_FOUND, AuthRequests.deleteUser("a"));
    keepsTheRevision(EtcdError.USER_NOT_FOUND, AuthRequests.changePassword("a", HASH));
    keepsTheRevision(EtcdError.USER_NOT_FOUND, AuthRequests.getUser("a"));
  }

  @Test
  void rolesAreGrantedInTheOrderOfTheirNames() {
    machine.done(AuthRequests.addUser("a", HASH));
    keepsTheRevision(EtcdError.ROLE_NOT_FOUND, AuthRequests.grantRole("a", "x"));
    keepsTheRevision(EtcdError.USER_NOT_FOUND, AuthRequests.grantRole("b", "x"));
    // In UTF-8 the emoji comes last, in UTF-16 before the ligature.
    for (String role : List.of("\ud83d\ude00", "ﬁ", "x")) {
      machine.done(AuthRequests.addRole(role));
      machine.done(AuthRequests.grantRole("a", role));
    }
    long before = revision();
    machine.done(AuthRequests.grantRole("a", "x"));
    assertEquals(before, revision());
    assertEquals(
        List.of("x", "ﬁ", "\ud83d\ude00"),
        ((AuthUserGetResponse) machine.done(AuthRequests.getUser("a"))).getRolesList());
    assertEquals(
        List.of("x", "ﬁ", "\ud83d\ude00"),
        ((AuthRoleListResponse) machine.done(AuthRequests.roles())).getRolesList());
  }

  @Test
  void revokingNeedsARoleThatIsGranted() {
    machine.done(AuthRequests.addUser("a", HASH));
    keepsTheRevision(EtcdError.ROLE_NOT_GRANTED, AuthRequests.revokeRole("a", "root"));
    keepsTheRevision(EtcdError.USER_NOT_FOUND, AuthRequests.revokeRole("b", "root"));
    machine.done(AuthRequests.grantRole("a", "root"));
    machine.done(AuthRequests.revokeRole("a", "root"));
    assertFalse(machine.state.auth().hasRole("a", "root"));
  }

  @Test
  void aDeletedRoleIsTakenFromEverybody() {
    on();
    long before = revision();
    machine.done(byRoot(AuthRequests.deleteRole("app")));
    assertEquals(before + 1, revision());
    assertFalse(machine.state.auth().hasRole("app", "app"));
    keepsTheRevision(EtcdError.ROLE_NOT_FOUND, byRoot(AuthRequests.deleteRole("app")));
  }

  @Test
  void rootStaysWhileAuthenticationIsOn() {
    on();
    machine.done(byRoot(AuthRequests.addRole("root")));
    EtcdError invalid = EtcdError.INVALID_AUTH_MANAGEMENT;
    keepsTheRevision(invalid, byRoot(AuthRequests.deleteUser("root")));
    keepsTheRevision(invalid, byRoot(AuthRequests.deleteRole("root")));
    keepsTheRevision(invalid, byRoot(AuthRequests.revokeRole("root", "root")));
    machine.done(byRoot(disable()));
    machine.done(AuthRequests.deleteRole("root"));
    machine.done(AuthRequests.deleteUser("root"));
  }

  @Test
  void rolesAreAddedOnceAndNeedAName() {
    keepsTheRevision(EtcdError.ROLE_EMPTY, AuthRequests.addRole(""));
    machine.done(AuthRequests.addRole("a"));
    keepsTheRevision(EtcdError.ROLE_ALREADY_EXISTS, AuthRequests.addRole("a"));
    keepsTheRevision(EtcdError.ROLE_NOT_FOUND, AuthRequests.getRole("b"));
  }

  @Test
  void permissionsAreCheckedAndKeptInTheOrderOfKeys() {
    machine.done(AuthRequests.addRole("a"));
    keepsTheRevision(
        EtcdError.PERMISSION_NOT_GIVEN,
        InternalRaftRequest.newBuilder()
            .setAuthRoleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder().setName("a"))
            .build());
    EtcdError invalid = EtcdError.INVALID_AUTH_MANAGEMENT;
    keepsTheRevision(invalid, AuthRequests.grant("a", Type.READ, "", ""));
    keepsTheRevision(invalid, AuthRequests.grant("a", Type.READ, "", "\0"));
    keepsTheRevision(invalid, AuthRequests.grant("a", Type.READ, "b", "b"));
    keepsTheRevision(invalid, AuthRequests.grant("nobody", Type.READ, "b", "a"));
    keepsTheRevision(EtcdError.ROLE_NOT_FOUND, AuthRequests.grant("nobody", Type.READ, "a", "b"));
    machine.done(AuthRequests.grant("a", Type.READ, "k", ""));
    machine.done(AuthRequests.grant("a", Type.WRITE, "k", "\0"));
    machine.done(AuthRequests.grant("a", Type.READWRITE, "b", "c"));
    machine.done(AuthRequests.grant("a", Type.READWRITE, "k", ""));
    assertEquals("READWRITE b c|READWRITE k |WRITE k \0", permissionsOf("a"));
    // Only the first permission of a key is compared, as in etcd.
    machine.done(AuthRequests.grant("a", Type.READ, "k", "\0"));
    assertEquals("READWRITE b c|READWRITE k |WRITE k \0|READ k \0", permissionsOf("a"));
    keepsTheRevision(EtcdError.PERMISSION_NOT_GRANTED, AuthRequests.revoke("a", "k", "z"));
    keepsTheRevision(EtcdError.ROLE_NOT_FOUND, AuthRequests.revoke("b", "k", ""));
    machine.done(AuthRequests.revoke("a", "k", "\0"));
    assertEquals("READWRITE b c|READWRITE k ", permissionsOf("a"));
  }

  private String permissionsOf(String role) {
    AuthRoleGetResponse response = (AuthRoleGetResponse) machine.done(AuthRequests.getRole(role));
    return response.getPermList().stream()
        .map(
            permission ->
                permission.getPermType()
                    + " "
                    + permission.getKey().toStringUtf8()
                    + " "
                    + permission.getRangeEnd().toStringUtf8())
        .collect(Collectors.joining("|"));
  }

  @Test
  void theRootRoleShowsEverythingWhateverWasGrantedToIt() {
    machine.done(AuthRequests.addRole("root"));
    machine.done(AuthRequests.grant("root", Type.READ, "a", ""));
    AuthRoleGetResponse response = (AuthRoleGetResponse) machine.done(AuthRequests.getRole("root"));
    assertEquals(
        List.of(
            Permission.newBuilder()
                .setPermType(Type.READWRITE)
                .setRangeEnd(Requests.bytes("\0"))
                .build()),
        response.getPermList());
  }

  @Test
  void usersAndRolesAreForAdminsButForOnesOwn() {
    on();
    EtcdError denied = EtcdError.PERMISSION_DENIED;
    for (InternalRaftRequest request :
        List.of(
            AuthRequests.enable(),
            AuthRequests.disable(),
            AuthRequests.addUser("x", HASH),
            AuthRequests.deleteUser("x"),
            AuthRequests.changePassword("app", HASH),
            AuthRequests.grantRole("app", "root"),
            AuthRequests.revokeRole("app", "app"),
            AuthRequests.users(),
            AuthRequests.addRole("x"),
            AuthRequests.deleteRole("x"),
            AuthRequests.grant("app", Type.READ, "x", ""),
            AuthRequests.revoke("app", "x", ""),
            AuthRequests.roles(),
            AuthRequests.getUser("root"),
            AuthRequests.getRole("root"))) {
      keepsTheRevision(EtcdError.USER_EMPTY, request);
      keepsTheRevision(EtcdError.USER_NOT_FOUND, AuthRequests.by("x", revision(), request));
      // How old the caller is does not matter.
      keepsTheRevision(denied, AuthRequests.by("app", 1, request));
    }
    machine.done(AuthRequests.by("app", 1, AuthRequests.getUser("app")));
    machine.done(AuthRequests.by("app", 1, AuthRequests.getRole("app")));
    AuthUserListResponse users =
        (AuthUserListResponse) machine.done(AuthRequests.by("root", 1, AuthRequests.users()));
    assertEquals(List.of("app", "root"), users.getUsersList());
  }

  @Test
  void whoAuthenticatesIsDueATokenThatEndsWithTheIndexBeforeItsEntry() {
    keepsTheRevision(EtcdError.AUTH_NOT_ENABLED, AuthRequests.authenticate("app", "p"));
    on();
    long before = machine.state.appliedIndex();
    ApplyResult result = machine.apply(AuthRequests.authenticate("app", "prefix"));
    assertEquals(AuthenticateResponse.class, result.response().getClass());
    assertEquals(
        new AuthEvent.Authenticated("app", revision(), "prefix." + before), result.authEvent());
    keepsTheRevision(EtcdError.AUTH_FAILED, AuthRequests.authenticate("x", "p"));
  }

  @Test
  void allOfItIsInTheSnapshot() {
    on();
    machine.done(byRoot(AuthRequests.addUserWithoutPassword("cn")));
    for (int i = 0; i < 2; i++) {
      AuthTable restored = machine.restarted().state.auth();
      assertEquals(machine.state.auth().revision(), restored.revision());
      assertEquals(machine.state.auth().enabled(), restored.enabled());
      assertEquals(machine.state.auth().users(), restored.users());
      assertEquals(machine.state.auth().roles(), restored.roles());
      assertEquals(2, machine.restarted().contents().get("auth").size());
      machine.done(byRoot(disable()));
    }
  }
}
