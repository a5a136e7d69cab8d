package io.sampo.tests.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.RangeStreamResponse;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.SharedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What kube-apiserver 1.37 counts on, as its storage layer asks for it. */
class ApiServerTest {
  @RegisterExtension private static final SharedServer SHARED = SharedServer.withFlags();

  private static final int OPERATIONS = 100;
  private static final long KEYS_OF_A_LEASE = 1_000;
  private static final long LEASE = 7_001;
  private static final long LONG_TTL = 600;

  private final GrpcClient client =
      new GrpcClient(SHARED.server().endpoint(), Duration.ofSeconds(60));
  private final Etcd etcd = new Etcd(client);

  @AfterEach
  void close() {
    client.close();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** Keys under a prefix, many in a transaction. Returns the revision. */
  private long fill(String prefix, long keys, int valueBytes, long lease) {
    ByteString value = ByteString.copyFrom(new byte[valueBytes]);
    long revision = 0;
    for (long from = 0; from < keys; from += OPERATIONS) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (long i = from; i < Math.min(keys, from + OPERATIONS); i++) {
        txn.addSuccess(
            RequestOp.newBuilder()
                .setRequestPut(
                    PutRequest.newBuilder()
                        .setKey(bytes("%s%06d".formatted(prefix, i)))
                        .setValue(value)
                        .setLease(lease)));
      }
      revision = etcd.txn(txn).getHeader().getRevision();
    }
    return revision;
  }

  private static RangeRequest.Builder list(String prefix) {
    String end =
        prefix.substring(0, prefix.length() - 1) + (char) (prefix.charAt(prefix.length() - 1) + 1);
    return RangeRequest.newBuilder().setKey(bytes(prefix)).setRangeEnd(bytes(end));
  }

  private static RangeRequest.Builder missing() {
    return RangeRequest.newBuilder().setKey(bytes("compact_rev_key")).setLimit(1);
  }

  @Test
  void theVersionIsPlain() {
    assertEquals("3.7.1", etcd.status().getVersion());
  }

  @Test
  void aListIsStreamedForAnyRevisionAndLimitUnlessItIsCompacted() {
    long keys = 1_250;
    long full = fill("list/", keys, 100, 0);
    long empty = full - keys / OPERATIONS - 1;
    for (long revision : new long[] {0, empty, full - 6, full}) {
      long there = revision == 0 || revision == full ? keys : (revision - empty) * OPERATIONS;
      for (long limit : new long[] {0, 1, 500, 10_000}) {
        streamed(list("list/").setRevision(revision).setLimit(limit), there, limit);
      }
    }
    streamed(list("nothing/"), 0, 0);
  }

  private void streamed(RangeRequest.Builder request, long there, long limit) {
    List<RangeResponse> chunks =
        client
            .callForMany(
                "/etcdserverpb.KV/RangeStream",
                request.build(),
                RangeStreamResponse.getDefaultInstance())
            .stream()
            .map(RangeStreamResponse::getRangeResponse)
            .toList();
    RangeResponse last = chunks.get(chunks.size() - 1);
    long keys = chunks.stream().mapToLong(RangeResponse::getKvsCount).sum();
    assertEquals(limit == 0 ? there : Math.min(there, limit), keys);
    assertTrue(
        chunks.stream().filter(chunk -> chunk.getKvsCount() == 0).allMatch(chunk -> there == 0));
    assertEquals(there, last.getCount());
    assertEquals(keys < there, last.getMore());
    assertTrue(chunks.stream().anyMatch(chunk -> chunk.getHeader().getRevision() > 0));
  }

  @Test
  void anIdleWatcherGetsTheNextEventThoughAllBeforeItIsCompacted() {
    etcd.put(PutRequest.newBuilder().setKey(bytes("idle/a")).setValue(bytes("1")));
    try (GrpcStream<WatchResponse> watch =
        client.stream("/etcdserverpb.Watch/Watch", WatchResponse.getDefaultInstance())) {
      watch.send(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(bytes("idle/"))
                      .setRangeEnd(bytes("idle0"))
                      .setPrevKv(true)
                      .setProgressNotify(true))
              .build());
      assertTrue(watch.next().getCreated());
      long revision = fill("busy/", 500, 10, 0);
      etcd.compact(CompactionRequest.newBuilder().setRevision(revision).setPhysical(true));
      etcd.put(PutRequest.newBuilder().setKey(bytes("idle/a")).setValue(bytes("2")));
      WatchResponse event = watch.next();
      while (event.getEventsCount() == 0 && !event.getCanceled()) {
        event = watch.next();
      }
      assertEquals("2", event.getEvents(0).getKv().getValue().toStringUtf8());
      assertEquals("1", event.getEvents(0).getPrevKv().getValue().toStringUtf8());
    }
  }

  @Test
  void aLeaseHasAThousandKeys() {
    etcd.grant(LEASE, LONG_TTL);
    fill("events/", KEYS_OF_A_LEASE, 100, LEASE);
    LeaseTimeToLiveResponse shown =
        client.call(
            "/etcdserverpb.Lease/LeaseTimeToLive",
            LeaseTimeToLiveRequest.newBuilder().setID(LEASE).setKeys(true).build(),
            LeaseTimeToLiveResponse.getDefaultInstance());
    assertEquals(KEYS_OF_A_LEASE, shown.getKeysCount());
    assertEquals(KEYS_OF_A_LEASE, shown.getKeysList().stream().distinct().count());
    long before = etcd.range(missing()).getHeader().getRevision();
    assertEquals(before + 1, etcd.revoke(LEASE).getHeader().getRevision());
    assertEquals(0, count("events/"));

    etcd.grant(LEASE, 2);
    long filled = fill("events/", KEYS_OF_A_LEASE, 100, LEASE);
    Await.until(
        Duration.ofSeconds(30), () -> "the keys are still there", () -> count("events/") == 0);
    assertTrue(etcd.range(missing()).getHeader().getRevision() > filled);
  }

  private long count(String prefix) {
    return etcd.range(list(prefix).setCountOnly(true)).getCount();
  }

  /** kube-apiserver's probes have two seconds. */
  @Test
  void aLinearizableGetOfAMissingKeyDoesNotWaitForLongLists() throws Exception {
    fill("long/", 30_000, 1_000, 0);
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread reader = new Thread(() -> readAll(over));
      reader.start();
      readers.add(reader);
    }
    long longest = 0;
    for (int i = 0; i < 100; i++) {
      long begin = System.nanoTime();
      assertEquals(0, etcd.range(missing()).getKvsCount());
      longest = Math.max(longest, System.nanoTime() - begin);
      Await.pause(Duration.ofMillis(30));
    }
    over.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertTrue(longest < Duration.ofSeconds(2).toNanos(), "it took " + Duration.ofNanos(longest));
  }

  private static void readAll(AtomicBoolean over) {
    try (GrpcClient other = new GrpcClient(SHARED.server().endpoint(), Duration.ofSeconds(60))) {
      while (!over.get()) {
        new Etcd(other).range(list("long/"));
      }
    }
  }
}
