package io.sampo.node.lock;

import static io.sampo.node.lock.LockWorld.NOBODY;
import static io.sampo.node.lock.LockWorld.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.v3lockpb.LockRequest;
import io.sampo.protocol.v3lockpb.LockResponse;
import io.sampo.protocol.v3lockpb.UnlockRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockServiceTest {
  private final LockWorld world = new LockWorld();
  private final LockService locks = new LockService(world.turns);

  @BeforeEach
  void grantLeases() {
    for (long id = 0xa; id <= 0xf; id++) {
      world.grant(id);
    }
  }

  @AfterEach
  void stop() {
    world.kit.shutdownTestKit();
  }

  private CompletableFuture<LockResponse> lock(long lease) {
    return locks.lock(LockRequest.newBuilder().setName(bytes("l")).setLease(lease).build(), NOBODY);
  }

  private void unlock(String key) {
    locks.unlock(UnlockRequest.newBuilder().setKey(bytes(key)).build(), NOBODY).join();
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(10, TimeUnit.SECONDS);
  }

  static EtcdException failure(CompletableFuture<?> future) {
    ExecutionException thrown = assertThrows(ExecutionException.class, () -> get(future));
    return (EtcdException) thrown.getCause();
  }

  static void fails(String text, CompletableFuture<?> future) {
    EtcdException failure = failure(future);
    assertEquals(text, failure.text());
    assertEquals(Status.Code.UNKNOWN, failure.code());
  }

  /** Asserts within the kit's time, without a fixed pause. */
  private void eventually(List<String> keys) {
    TestProbe<Object> probe = world.kit.createTestProbe();
    probe.awaitAssert(
        () -> {
          assertEquals(keys, world.keys());
          return null;
        });
  }

  @Test
  void aFreeLockIsTakenWithOneTransaction() throws Exception {
    LockResponse taken = get(lock(0xa));
    assertEquals(bytes("l/a"), taken.getKey());
    assertEquals(world.revision(), taken.getHeader().getRevision());
    assertEquals(0, world.waiters);
  }

  @Test
  void theOwnerMayAskAgain() throws Exception {
    long revision = get(lock(0xa)).getHeader().getRevision();
    assertEquals(revision, get(lock(0xa)).getHeader().getRevision());
  }

  @Test
  void whoBringsNoLeaseGetsOne() throws Exception {
    assertEquals(bytes("l/1001"), get(lock(0)).getKey());
  }

  @Test
  void anUnknownLeaseFails() {
    fails("etcdserver: requested lease not found", lock(0x99));
    fails("etcdserver: requested lease not found", lock(-0x99));
    assertEquals(List.of(), world.keys());
  }

  @Test
  void turnsComeInTheOrderOfArrival() throws Exception {
    get(lock(0xc));
    CompletableFuture<LockResponse> second = lock(0xb);
    CompletableFuture<LockResponse> third = lock(0xa);
    unlock("l/c");
    assertEquals(world.revision(), get(second).getHeader().getRevision());
    assertFalse(third.isDone());
    world.revoke(0xb);
    assertEquals(bytes("l/a"), get(third).getKey());
  }

  @Test
  void whoLeavesTheMiddleLetsNobodyPassTheOwner() throws Exception {
    get(lock(0xa));
    CompletableFuture<LockResponse> second = lock(0xb);
    CompletableFuture<LockResponse> third = lock(0xc);
    second.cancel(false);
    eventually(List.of("l/a", "l/c"));
    assertFalse(third.isDone());
    unlock("l/a");
    assertEquals(bytes("l/c"), get(third).getKey());
  }

  @Test
  void aLeaseThatRanOutMeanwhileIsToldAtTheTurn() throws Exception {
    get(lock(0xa));
    CompletableFuture<LockResponse> second = lock(0xb);
    world.revoke(0xb);
    unlock("l/a");
    fails("mutex: session is expired", second);
  }

  @Test
  void anotherNameIsAnotherLock() throws Exception {
    get(lock(0xa));
    LockRequest other = LockRequest.newBuilder().setName(bytes("l2")).setLease(0xb).build();
    assertEquals(bytes("l2/b"), get(locks.lock(other, NOBODY)).getKey());
  }

  @Test
  void unlockingWhatIsNotThereIsNoError() {
    long revision = world.revision();
    unlock("l/none");
    assertEquals(revision, world.revision());
  }
}
