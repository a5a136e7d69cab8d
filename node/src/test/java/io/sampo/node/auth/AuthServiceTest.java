package io.sampo.node.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.protocol.authpb.UserAddOptions;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthDisableRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGetRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleListRequest;
import io.sampo.protocol.etcdserverpb.AuthStatusRequest;
import io.sampo.protocol.etcdserverpb.AuthStatusResponse;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordRequest;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGetRequest;
import io.sampo.protocol.etcdserverpb.AuthUserListRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.junit.jupiter.api.Test;

/** What clients get of the Auth service, and what the log gets of their passwords. */
class AuthServiceTest {
  private final AuthWorld world = new AuthWorld();

  private CompletionStage<AuthenticateResponse> authenticate(String user, String password) {
    return world.auth.authenticate(
        AuthenticateRequest.newBuilder().setName(user).setPassword(password).build(),
        AuthWorld.NOBODY);
  }

  private boolean logHolds(String text) {
    return world.log.stream().anyMatch(entry -> new String(entry, ISO_8859_1).contains(text));
  }

  @Test
  void aPasswordGivesATokenAndIsNotInTheLog() {
    world.on();
    AuthenticateResponse response = world.done(authenticate("app", "secret"));
    assertTrue(response.getToken().matches("[a-zA-Z]{16}\\.7"), response.getToken());
    assertEquals(AuthWorld.CLUSTER, response.getHeader().getClusterId());
    assertEquals(7, response.getHeader().getRaftTerm());
    assertEquals("app", world.tokens.caller(response.getToken(), 1).user());
    assertFalse(logHolds("secret"));
  }

  @Test
  void aWrongPasswordOrUserGivesNone() {
    assertEquals(EtcdError.AUTH_NOT_ENABLED.exception(), world.failure(authenticate("app", "x")));
    world.on();
    int entries = world.log.size();
    assertEquals(EtcdError.AUTH_FAILED.exception(), world.failure(authenticate("app", "x")));
    assertEquals(EtcdError.AUTH_FAILED.exception(), world.failure(authenticate("nobody", "x")));
    assertEquals(entries, world.log.size());
  }

  @Test
  void aUserWithoutPasswordGetsNoTokenEvenForThePasswordOfAChange() {
    world.done(
        world.auth.userAdd(
            AuthUserAddRequest.newBuilder()
                .setName("cn")
                .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                .build(),
            AuthWorld.NOBODY));
    world.on();
    world.done(
        world.auth.userChangePassword(
            AuthUserChangePasswordRequest.newBuilder().setName("cn").setPassword("p").build(),
            world.root()));
    EtcdException error = world.failure(authenticate("cn", "p"));
    assertEquals(Status.Code.UNKNOWN, error.code());
    assertEquals(
        "auth: authentication failed, password was given for no password user", error.text());
  }

  @Test
  void aPasswordIsComparedAgainIfUsersChangeMeanwhile() {
    world.on();
    Metadata root = world.root();
    var answer = authenticate("app", "secret").toCompletableFuture();
    world.releaseOne();
    // The entry is on its way; before it is applied the password becomes another.
    var changed =
        world.auth.userChangePassword(
            AuthUserChangePasswordRequest.newBuilder().setName("app").setPassword("new").build(),
            root);
    var authentication = world.raft.receiveMessage();
    world.done(changed);
    world.raft.getRef().tell(authentication);
    assertEquals(EtcdError.AUTH_FAILED.exception(), world.failure(answer));
  }

  @Test
  void whatAClientSaysOfAHashDoesNotCount() {
    world.done(
        world.auth.userAdd(
            AuthUserAddRequest.newBuilder()
                .setName("a")
                .setPassword("clear text")
                .setHashedPassword("aGFzaA==")
                .build(),
            AuthWorld.NOBODY));
    assertFalse(logHolds("clear text"));
    assertNotEquals("hash", world.machine.auth().user("a").getPassword().toStringUtf8());
  }

  @Test
  void aChangedPasswordEndsTokens() {
    world.on();
    Metadata app = world.app();
    world.done(
        world.auth.userChangePassword(
            AuthUserChangePasswordRequest.newBuilder().setName("app").setPassword("new").build(),
            world.root()));
    assertEquals(
        EtcdError.INVALID_AUTH_TOKEN.exception(),
        world.failure(
            world.auth.userGet(AuthUserGetRequest.newBuilder().setName("app").build(), app)));
    assertFalse(logHolds("new"));
    world.done(
        world.auth.userGet(
            AuthUserGetRequest.newBuilder().setName("app").build(), world.as("app", "new")));
  }

  @Test
  void disablingEndsTokensAndLetsEverybodyIn() {
    world.on();
    Metadata app = world.app();
    world.done(world.auth.authDisable(AuthDisableRequest.getDefaultInstance(), world.root()));
    RangeRequest anything =
        RangeRequest.newBuilder().setKey(AuthWorld.bytes("x")).setSerializable(true).build();
    world.done(world.kv.range(anything, AuthWorld.NOBODY));
    world.done(world.kv.range(anything, AuthWorld.withToken("no token")));
    assertEquals(null, world.tokens.caller(Callers.token(app).orElseThrow(), 1));
  }

  @Test
  void theStatusIsForEverybody() {
    world.on();
    AuthStatusResponse status =
        world.done(world.auth.authStatus(AuthStatusRequest.getDefaultInstance(), AuthWorld.NOBODY));
    assertTrue(status.getEnabled());
    assertEquals(7, status.getAuthRevision());
    assertEquals(AuthWorld.MEMBER, status.getHeader().getMemberId());
    assertEquals(
        EtcdError.INVALID_AUTH_TOKEN.exception(),
        world.failure(
            world.auth.authStatus(
                AuthStatusRequest.getDefaultInstance(), AuthWorld.withToken("x"))));
  }

  @Test
  void usersSeeThemselvesAndAdminsAll() {
    world.on();
    Metadata app = world.app();
    assertEquals(
        List.of("app"),
        world
            .done(world.auth.userGet(AuthUserGetRequest.newBuilder().setName("app").build(), app))
            .getRolesList());
    world.done(world.auth.roleGet(AuthRoleGetRequest.newBuilder().setRole("app").build(), app));
    EtcdException denied = EtcdError.PERMISSION_DENIED.exception();
    assertEquals(
        denied, world.failure(world.auth.userList(AuthUserListRequest.getDefaultInstance(), app)));
    assertEquals(
        denied,
        world.failure(
            world.auth.userDelete(AuthUserDeleteRequest.newBuilder().setName("app").build(), app)));
    assertEquals(
        List.of("app", "root"),
        world
            .done(world.auth.userList(AuthUserListRequest.getDefaultInstance(), world.root()))
            .getUsersList());
    assertEquals(
        List.of("app"),
        world
            .done(world.auth.roleList(AuthRoleListRequest.getDefaultInstance(), world.root()))
            .getRolesList());
  }
}
