package io.sampo.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.authpb.User;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.InternalAuthenticateRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens come and go with what is applied. */
class TokenEventsTest {
  private final SimpleTokens tokens = new SimpleTokens(0, () -> 0, () -> new Random(1));

  private static AuthTable table(boolean enabled, String... passwords) {
    Map<String, User> users = new java.util.HashMap<>();
    for (int i = 0; i < passwords.length; i++) {
      String name = "user" + i;
      users.put(
          name,
          User.newBuilder()
              .setName(AuthWorld.bytes(name))
              .setPassword(AuthWorld.bytes(passwords[i]))
              .build());
    }
    return AuthTable.of(true, enabled, 5, users, Map.of());
  }

  private static ApplyResult authenticated() throws IOException {
    Map<String, User> users = Map.of("u", User.newBuilder().setName(AuthWorld.bytes("u")).build());
    StateMachine machine =
        StateMachine.restore(
            StateSettings.DEFAULT,
            (bucket, visitor) -> {
              if (bucket.equals("auth")) {
                visitor.accept("authEnabled".getBytes(), new byte[] {1});
              } else if (bucket.equals("authUsers")) {
                visitor.accept("u".getBytes(), users.get("u").toByteArray());
              }
            });
    return machine.apply(
        InternalRaftRequest.newBuilder()
            .setAuthenticate(
                InternalAuthenticateRequest.newBuilder().setName("u").setSimpleToken("p"))
            .build(),
        3,
        1);
  }

  @Test
  void aTokenIsAssignedOnceItsEntryIsNew() throws IOException {
    TokenEvents events = new TokenEvents(tokens, table(true));
    ApplyResult before = events.applied(authenticated(), true);
    assertEquals("", ((AuthenticateResponse) before.response()).getToken());
    assertNull(tokens.caller("p.2", 1));
    ApplyResult result = events.applied(authenticated(), false);
    assertEquals("p.2", ((AuthenticateResponse) result.response()).getToken());
    assertEquals("u", tokens.caller("p.2", 1).user());
  }

  @Test
  void aLeadersStateEndsTokensOfChangedUsersAndOfAll() {
    TokenEvents events = new TokenEvents(tokens, table(true));
    tokens.assign("user0", 5, "a.1");
    tokens.assign("user1", 5, "b.1");
    tokens.assign("user2", 5, "c.1");
    events.replaced(table(true, "same", "old", "gone"), table(true, "same", "new"));
    assertNotNull(tokens.caller("a.1", 5));
    assertNull(tokens.caller("b.1", 5));
    assertNull(tokens.caller("c.1", 5));
    events.replaced(table(true, "same"), table(false, "same"));
    events.replaced(table(false, "same"), table(true, "same"));
    assertNull(tokens.caller("a.1", 5));
  }
}
