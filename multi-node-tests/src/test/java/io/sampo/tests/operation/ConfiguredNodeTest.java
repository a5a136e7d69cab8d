package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberAddResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.grpc.GrpcStream;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node with many flags: each value is in effect where a client or an operator sees it. */
class ConfiguredNodeTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final TempDirectory WAL = TempDirectory.create("sampo-wal");

  private static ServerUnderTest server;
  private static GrpcClient client;
  private static Etcd etcd;

  @BeforeAll
  static void start() {
    server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--wal-dir=" + WAL.path().resolve("wal"),
            "--max-snapshots=2",
            "--snapshot-count=20",
            "--max-txn-ops=2",
            "--max-concurrent-streams=7",
            "--max-learners=2",
            "--watch-progress-notify-interval=200ms",
            "--auto-compaction-retention=1s",
            "--grpc-keepalive-interval=1s",
            "--grpc-keepalive-timeout=1s");
    client = new GrpcClient(server.endpoint());
    etcd = new Etcd(client);
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
    WAL.close();
  }

  private static long put(String key, int valueBytes) {
    return etcd.put(putRequest(key, valueBytes)).getHeader().getRevision();
  }

  private static PutRequest.Builder putRequest(String key, int valueBytes) {
    return PutRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFrom(new byte[valueBytes]));
  }

  @Test
  void theLogIsInItsOwnFolder() throws IOException {
    try (Stream<Path> files = Files.list(WAL.path().resolve("wal"))) {
      assertTrue(files.findAny().isPresent());
    }
  }

  @Test
  void onlyTwoSnapshotsStay() {
    Set<String> seen = new TreeSet<>();
    Await.until(
        LIMIT,
        () -> "too few snapshots: " + seen,
        () -> {
          put("snapshot", 1);
          seen.addAll(snapshots());
          return seen.size() > 5;
        });
    Await.until(LIMIT, () -> "too many: " + snapshots(), () -> snapshots().size() == 2);
  }

  private static Set<String> snapshots() {
    try (Stream<Path> files = Files.list(server.dataDirectory().resolve("member/snap"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{16}-[0-9a-f]{16}\\.snap(\\.db)?"))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aTransactionHasTwoOperations() {
    assertTrue(etcd.txn(transaction(2)).getSucceeded());
    assertRefused("etcdserver: too many operations in txn request", () -> etcd.txn(transaction(3)));
  }

  private static TxnRequest.Builder transaction(int operations) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i < operations; i++) {
      txn.addSuccess(RequestOp.newBuilder().setRequestPut(putRequest("txn/" + i, 1)));
    }
    return txn;
  }

  private static void assertRefused(String reason, Runnable call) {
    StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, call::run);
    assertEquals(reason, refusal.getStatus().getDescription());
  }

  @Test
  void thereMayBeTwoLearners() {
    addLearner("http://a.b:1");
    addLearner("http://a.b:2");
    assertRefused(
        "etcdserver: too many learner members in cluster", () -> addLearner("http://a.b:3"));
  }

  private static void addLearner(String url) {
    client.call(
        "/etcdserverpb.Cluster/MemberAdd",
        MemberAddRequest.newBuilder().addPeerURLs(url).setIsLearner(true).build(),
        MemberAddResponse.getDefaultInstance());
  }

  @Test
  void historyGoesAfterASecond() {
    long old = put("history", 1);
    put("history", 1);
    Await.until(LIMIT, () -> "not compacted", () -> put("history", 1) > 0 && isCompacted(old));
  }

  private static boolean isCompacted(long revision) {
    try {
      etcd.range(
          RangeRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8("history"))
              .setRevision(revision));
      return false;
    } catch (StatusRuntimeException e) {
      assertEquals(
          "etcdserver: mvcc: required revision has been compacted", e.getStatus().getDescription());
      return true;
    }
  }

  /** A compaction, of which there is one in a second, may be a reason for one report more. */
  @Test
  void progressIsReportedOften() {
    try (GrpcStream<WatchResponse> watch =
        client.stream("/etcdserverpb.Watch/Watch", WatchResponse.getDefaultInstance())) {
      watch.send(
          WatchRequest.newBuilder()
              .setCreateRequest(
                  WatchCreateRequest.newBuilder()
                      .setKey(ByteString.copyFromUtf8("idle"))
                      .setProgressNotify(true))
              .build());
      assertTrue(watch.next().getCreated());
      for (int i = 0; i < 5; i++) {
        assertEquals(0, watch.next().getEventsCount());
      }
    }
  }

  @Test
  void aSilentConnectionMayHaveSevenStreamsAndIsPingedAndClosed() throws IOException {
    boolean pinged = false;
    long streams = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.clientPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
      DataInputStream in = new DataInputStream(socket.getInputStream());
      try {
        while (true) {
          ByteBuffer head = ByteBuffer.wrap(in.readNBytes(9));
          if (head.remaining() < 9) {
            break;
          }
          byte[] payload = in.readNBytes((head.get(0) & 255) << 16 | head.getShort(1) & 0xffff);
          pinged |= head.get(3) == 6;
          if (head.get(3) == 4) {
            streams = Math.max(streams, maxStreams(ByteBuffer.wrap(payload)));
          }
        }
      } catch (EOFException end) {
        // closed
      }
    }
    assertEquals(7, streams);
    assertTrue(pinged);
  }

  private static long maxStreams(ByteBuffer settings) {
    while (settings.remaining() >= 6) {
      int id = settings.getShort();
      long value = Integer.toUnsignedLong(settings.getInt());
      if (id == 3) {
        return value;
      }
    }
    return 0;
  }

  @Test
  void thereIsSpaceForTwoMegabytes() {
    try (ServerUnderTest small =
            ServerUnderTest.start(ServerProgram.underTest(), "--quota-backend-bytes=2000000");
        GrpcClient writer = new GrpcClient(small.endpoint())) {
      Etcd kv = new Etcd(writer);
      kv.put(putRequest("a", 1_000_000));
      assertRefused(
          "etcdserver: mvcc: database space exceeded",
          () -> {
            for (int i = 0; i < 3; i++) {
              kv.put(putRequest("b" + i, 1_000_000));
            }
          });
    }
  }
}
