package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.support.CloseableClient;
import io.etcd.jetcd.watch.WatchEvent;
import io.grpc.stub.StreamObserver;
import io.sampo.tests.process.SharedServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java client. */
class JetcdTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Client client;
  private static KV kv;

  @BeforeAll
  static void connect() {
    client = Client.builder().endpoints(SHARED.server().url()).build();
    kv = client.getKVClient();
  }

  @AfterAll
  static void disconnect() {
    if (client != null) {
      client.close();
    }
  }

  private static ByteSequence text(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(15, TimeUnit.SECONDS);
  }

  private static long put(String key, String value) throws Exception {
    return get(kv.put(text(key), text(value))).getHeader().getRevision();
  }

  @Test
  void keysAndValues() throws Exception {
    put("kv/a", "1");
    put("kv/b", "2");
    GetResponse answer =
        get(kv.get(text("kv/"), GetOption.builder().isPrefix(true).withLimit(1).build()));
    assertEquals(2, answer.getCount());
    assertTrue(answer.isMore());
    assertEquals(text("1"), answer.getKvs().get(0).getValue());
    var previous = get(kv.put(text("kv/a"), text("3"), PutOption.builder().withPrevKV().build()));
    assertEquals(text("1"), previous.getPrevKv().getValue());
    var deleted = get(kv.delete(text("kv/"), DeleteOption.builder().isPrefix(true).build()));
    assertEquals(2, deleted.getDeleted());
  }

  @Test
  void transactions() throws Exception {
    put("txn", "1");
    Cmp isOne = new Cmp(text("txn"), Cmp.Op.EQUAL, CmpTarget.value(text("1")));
    Op write = Op.put(text("txn"), text("2"), PutOption.DEFAULT);
    Op read = Op.get(text("txn"), GetOption.DEFAULT);
    TxnResponse first = get(kv.txn().If(isOne).Then(write, read).Else(read).commit());
    assertTrue(first.isSucceeded());
    assertEquals(text("2"), first.getGetResponses().get(0).getKvs().get(0).getValue());
    TxnResponse second = get(kv.txn().If(isOne).Then(write).Else(read).commit());
    assertFalse(second.isSucceeded());
  }

  @Test
  void watches() throws Exception {
    long from = put("watch/a", "1");
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    WatchOption option =
        WatchOption.builder().isPrefix(true).withRevision(from).withPrevKV(true).build();
    try (Watch.Watcher watcher =
        client
            .getWatchClient()
            .watch(text("watch/"), option, answer -> events.addAll(answer.getEvents()))) {
      assertEquals(text("1"), events.poll(15, TimeUnit.SECONDS).getKeyValue().getValue());
      get(kv.delete(text("watch/a")));
      WatchEvent event = events.poll(15, TimeUnit.SECONDS);
      assertEquals(WatchEvent.EventType.DELETE, event.getEventType());
      assertEquals(text("1"), event.getPrevKV().getValue());
      watcher.requestProgress();
    }
  }

  @Test
  @SuppressWarnings("try") // open for its effect
  void aCompactedWatchFails() throws Exception {
    long old = put("compacted", "1");
    long now = put("compacted", "2");
    get(kv.compact(now));
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Watch.Listener listener = Watch.listener(answer -> {}, failure::complete, () -> {});
    try (Watch.Watcher watcher =
        client
            .getWatchClient()
            .watch(text("compacted"), WatchOption.builder().withRevision(old).build(), listener)) {
      assertTrue(get(failure).getMessage().contains("required revision has been compacted"));
    }
  }

  @Test
  @SuppressWarnings("try") // open for its effect
  void leases() throws Exception {
    Lease lease = client.getLeaseClient();
    long id = get(lease.grant(100)).getID();
    get(kv.put(text("leased"), text("1"), PutOption.builder().withLeaseId(id).build()));
    var left = get(lease.timeToLive(id, LeaseOption.builder().withAttachedKeys().build()));
    assertEquals(100, left.getGrantedTTL());
    assertEquals(List.of(text("leased")), left.getKeys());
    assertEquals(100, get(lease.keepAliveOnce(id)).getTTL());
    CountDownLatch renewals = new CountDownLatch(2);
    long shortId = get(lease.grant(2)).getID();
    try (CloseableClient keptAlive = lease.keepAlive(shortId, new Counter(renewals))) {
      assertTrue(renewals.await(15, TimeUnit.SECONDS));
    }
    get(lease.revoke(id));
    assertEquals(0, get(kv.get(text("leased"))).getCount());
    ExecutionException unknown =
        assertThrows(ExecutionException.class, () -> get(lease.revoke(id)));
    assertTrue(unknown.getMessage().contains("requested lease not found"), unknown::getMessage);
  }

  private record Counter(CountDownLatch latch) implements StreamObserver<LeaseKeepAliveResponse> {
    @Override
    public void onNext(LeaseKeepAliveResponse answer) {
      latch.countDown();
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }

    @Override
    public void onCompleted() {}
  }

  @Test
  void maintenance() throws Exception {
    long revision = put("maintained", "1");
    var maintenance = client.getMaintenanceClient();
    var status = get(maintenance.statusMember(SHARED.server().url()));
    assertTrue(status.getDbSize() > 0);
    assertEquals(status.getHeader().getMemberId(), status.getLeader());
    assertTrue(get(maintenance.listAlarms()).getAlarms().isEmpty());
    get(maintenance.defragmentMember(SHARED.server().url()));
    var hash = get(maintenance.hashKV(SHARED.server().url(), revision));
    assertEquals(
        hash.getHash(), get(maintenance.hashKV(SHARED.server().url(), revision)).getHash());
    ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
    long size = get(maintenance.snapshot(snapshot));
    assertEquals(size, snapshot.size());
    assertEquals(32, size % 512);
  }

  @Test
  void cluster() throws Exception {
    var members = get(client.getClusterClient().listMember()).getMembers();
    assertEquals(1, members.size());
    assertEquals("m1", members.get(0).getName());
    assertFalse(members.get(0).isLearner());
  }
}
