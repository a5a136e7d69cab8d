package io.sampo.node.auth;

import static io.sampo.node.auth.AuthWorld.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.edge.grpc.CallOrigin;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthRoleAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleRequest;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.junit.jupiter.api.Test;

/** What passes through to keys, and in whose name. */
class AccessGateTest {
  private static final EtcdException DENIED = EtcdError.PERMISSION_DENIED.exception();
  private static final EtcdException NOBODY = EtcdError.USER_EMPTY.exception();
  private static final EtcdException NO_TOKEN = EtcdError.INVALID_AUTH_TOKEN.exception();

  private final AuthWorld world = new AuthWorld();

  private static RangeRequest.Builder range(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key));
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("v")).build();
  }

  @Test
  void aRangeNeedsAUserWhoMayReadIt() {
    world.on();
    for (boolean serializable : new boolean[] {true, false}) {
      RangeRequest own = range("app/x").setSerializable(serializable).build();
      RangeRequest other = range("b").setSerializable(serializable).build();
      world.done(world.kv.range(own, world.app()));
      world.done(world.kv.rangeEncoded(own, world.app()));
      assertEquals(DENIED, world.failure(world.kv.range(other, world.app())));
      assertEquals(DENIED, world.failure(world.kv.rangeEncoded(other, world.app())));
      assertEquals(NOBODY, world.failure(world.kv.range(own, AuthWorld.NOBODY)));
      assertEquals(NO_TOKEN, world.failure(world.kv.range(own, AuthWorld.withToken(""))));
      world.done(world.kv.range(other, world.root()));
    }
  }

  @Test
  void aTokenMayComeAsAnAuthorizationAndWithBearer() {
    world.on();
    String token = Callers.token(world.app()).orElseThrow();
    RangeRequest own = range("app/x").setSerializable(true).build();
    for (String text : new String[] {token, "Bearer " + token}) {
      world.done(world.kv.range(own, new MetadataBuilder().addText("authorization", text).build()));
      world.done(world.kv.range(own, AuthWorld.withToken(text)));
    }
    assertEquals(
        NO_TOKEN,
        world.failure(
            world.kv.range(
                own,
                new MetadataBuilder()
                    .addText("authorization", token)
                    .addText("token", "")
                    .build())));
  }

  @Test
  void aTokenOfAMemberThatIsAheadIsWaitedFor() {
    world.on();
    RangeRequest own = range("app/x").setSerializable(true).build();
    var answer =
        world.kv.range(own, AuthWorld.withToken("abcdefghijklmnop.99")).toCompletableFuture();
    assertFalse(answer.isDone());
    world.tokens.assign("app", 7, "abcdefghijklmnop.99");
    assertTrue(world.releaseOne());
    assertEquals(0, answer.join().getCount());
    // After the barrier no such entry can come any more.
    assertEquals(NO_TOKEN, world.failure(world.kv.range(own, AuthWorld.withToken("a.99"))));
  }

  @Test
  void aReadOnlyTransactionNeedsBothBranchesAndWhatItCompares() {
    world.on();
    RequestOp own = RequestOp.newBuilder().setRequestRange(range("app/x")).build();
    RequestOp other = RequestOp.newBuilder().setRequestRange(range("b")).build();
    world.done(world.kv.txn(TxnRequest.newBuilder().addSuccess(own).build(), world.app()));
    assertEquals(
        DENIED,
        world.failure(
            world.kv.txn(
                TxnRequest.newBuilder().addSuccess(own).addFailure(other).build(), world.app())));
    assertEquals(
        DENIED,
        world.failure(
            world.kv.txn(
                TxnRequest.newBuilder().addCompare(Compare.newBuilder().setKey(bytes("b"))).build(),
                world.app())));
    assertEquals(
        NOBODY,
        world.failure(
            world.kv.txn(TxnRequest.newBuilder().addSuccess(own).build(), AuthWorld.NOBODY)));
    world.done(world.kv.txn(TxnRequest.getDefaultInstance(), AuthWorld.NOBODY));
  }

  @Test
  void whatIsProposedSaysInWhoseName() throws Exception {
    world.on();
    world.done(world.kv.put(put("app/x"), world.app()));
    InternalRaftRequest logged = InternalRaftRequest.parseFrom(world.log.get(world.log.size() - 1));
    assertEquals("app", logged.getHeader().getUsername());
    assertEquals(7, logged.getHeader().getAuthRevision());
    assertEquals(DENIED, world.failure(world.kv.put(put("b"), world.app())));
    assertEquals(NOBODY, world.failure(world.kv.put(put("app/x"), AuthWorld.NOBODY)));
    assertEquals(
        DENIED,
        world.failure(
            world.kv.deleteRange(
                DeleteRangeRequest.newBuilder().setKey(bytes("b")).build(), world.app())));
    int entries = world.log.size();
    assertEquals(NO_TOKEN, world.failure(world.kv.put(put("app/x"), AuthWorld.withToken("x"))));
    assertEquals(entries, world.log.size());
  }

  @Test
  void compactionIsForAdmins() {
    world.on();
    CompactionRequest compaction = CompactionRequest.newBuilder().setRevision(0).build();
    assertEquals(DENIED, world.failure(world.kv.compact(compaction, world.app())));
    assertEquals(NOBODY, world.failure(world.kv.compact(compaction, AuthWorld.NOBODY)));
    world.done(world.kv.compact(compaction, world.root()));
  }

  @Test
  void aReadDuringWhichRolesChangeHasToBeRepeated() {
    for (int i = 0; i < 1_500; i++) {
      world.done(world.kv.put(put("app/" + i), AuthWorld.NOBODY));
    }
    world.on();
    Deque<Runnable> later = new ArrayDeque<>();
    world.longWork = later::add;
    RangeRequest own = range("app/").setRangeEnd(bytes("app0")).setSerializable(true).build();
    var answer = world.kv.range(own, world.app()).toCompletableFuture();
    assertFalse(answer.isDone());
    world.done(
        world.auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("other").build(), world.root()));
    while (!later.isEmpty()) {
      later.remove().run();
    }
    assertEquals(EtcdError.AUTH_OLD_REVISION.exception(), world.failure(answer));
  }

  @Test
  void aCertificatesNameIsAUserUnlessThereIsAToken() {
    world.on();
    RangeRequest own = range("app/x").setSerializable(true).build();
    world.done(world.kv.range(own, shown("app", new MetadataBuilder())));
    assertEquals(DENIED, world.failure(world.kv.range(own, shown("other", new MetadataBuilder()))));
    assertEquals(DENIED, world.failure(world.kv.range(own, shown("", new MetadataBuilder()))));
    assertEquals(NOBODY, world.failure(world.kv.range(own, shown(null, new MetadataBuilder()))));
    assertEquals(
        NO_TOKEN,
        world.failure(
            world.kv.range(own, shown("app", new MetadataBuilder().addText("token", "x")))));
    assertEquals(
        NOBODY,
        world.failure(
            world.kv.range(
                own, shown("app", new MetadataBuilder().addText("grpcgateway-accept", "*")))));
  }

  /** Metadata of a call whose client has shown a certificate with that common name. */
  private static Metadata shown(String commonName, MetadataBuilder entries) {
    Metadata metadata = entries.build();
    return (Metadata)
        Proxy.newProxyInstance(
            AccessGateTest.class.getClassLoader(),
            new Class<?>[] {Metadata.class, CallOrigin.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "commonName" -> Optional.ofNullable(commonName);
                  case "remote" -> new InetSocketAddress("127.0.0.1", 1);
                  case "path" -> "/test/Path";
                  default -> method.invoke(metadata, arguments);
                });
  }

  @Test
  void aStreamIsToldWhenItsReaderMayReadNoMore() {
    StreamAccess anonymous = world.access.stream(AuthWorld.NOBODY);
    byte[] key = "app/x".getBytes();
    byte[] alone = {};
    assertNull(anonymous.refusal(key, alone));
    world.on();
    assertTrue(anonymous.hasChanged());
    assertFalse(anonymous.hasChanged());
    assertEquals(NOBODY, anonymous.loss(key, alone));

    StreamAccess app = world.access.stream(world.app());
    assertNull(app.refusal(key, alone));
    assertEquals(DENIED, app.refusal("b".getBytes(), alone));
    world.done(
        world.auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("other").build(), world.root()));
    assertTrue(app.hasChanged());
    assertNull(app.loss(key, alone));
    world.done(
        world.auth.userRevokeRole(
            AuthUserRevokeRoleRequest.newBuilder().setName("app").setRole("app").build(),
            world.root()));
    assertTrue(app.hasChanged());
    assertEquals(DENIED, app.loss(key, alone));
    assertNotNull(app.refusal(key, alone));
  }
}
