package io.sampo.tests.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.peer.wire.FrameBuffer;
import io.sampo.node.peer.wire.MessageEncoder;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.raftpb.ConfState;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A disk that fills while a snapshot arrives costs the snapshot, not the member. */
class FillingDiskTest {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String NO_SPACE = "left beside the log's reserve";
  private static final int STATE_MEBIBYTES = 32;

  /** The log's reserve and half of the state. */
  private static final int SMALL_MEBIBYTES = 64 + STATE_MEBIBYTES / 2;

  private static final String[] COMPACTING = {
    "--snapshot-count=5", "--snapshot-catchup-entries=1",
  };

  private static void put(ServerUnderTest member, String key, int bytes) {
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      new Etcd(client)
          .put(
              PutRequest.newBuilder()
                  .setKey(Etcd.bytes(key))
                  .setValue(ByteString.copyFrom(new byte[bytes])));
    }
  }

  private static boolean has(ServerUnderTest member, String key) {
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      return new Etcd(client)
              .range(
                  RangeRequest.newBuilder()
                      .setKey(Etcd.bytes(key))
                      .setSerializable(true)
                      .setKeysOnly(true))
              .getCount()
          > 0;
    }
  }

  private static void addLearner(ServerUnderTest leader, ServerUnderTest learner) {
    Http.Answer added =
        Http.send(
            "POST",
            leader.url() + "/v3/cluster/member/add",
            "{\"peerURLs\":[\"%s\"],\"isLearner\":true}".formatted(learner.peerUrl()));
    assertEquals(200, added.status(), added.body());
  }

  @Test
  void aSnapshotThatHasNoSpaceIsRefusedAndComesAgain() {
    try (SmallDisk disk = SmallDisk.ofMebibytes(SMALL_MEBIBYTES);
        ServerUnderTest leader = ServerUnderTest.start(ServerProgram.underTest(), COMPACTING);
        ServerUnderTest learner =
            ServerUnderTest.joining(
                ServerProgram.underTest(),
                "m2",
                List.of(leader),
                "--data-dir=" + disk.path().resolve("data"))) {
      for (int i = 0; i < STATE_MEBIBYTES; i++) {
        put(leader, "key" + i, 1 << 20);
      }
      // The log must not reach back to where the learner begins.
      Await.until(
          LIMIT,
          () -> {
            return leader.log();
          },
          () -> {
            put(leader, "key0", 1 << 20);
            return leader.log().contains("saved snapshot");
          });
      addLearner(leader, learner);
      learner.launch();
      Await.until(
          LIMIT,
          () -> leader.log() + learner.log(),
          () -> said(leader, "failed to send database snapshot").contains(NO_SPACE));
      assertTrue(said(learner, "failed to save incoming database snapshot").contains(NO_SPACE));
      assertTrue(learner.isRunning(), learner.log());

      disk.resize(SMALL_MEBIBYTES + 8 * STATE_MEBIBYTES);
      Await.until(
          LIMIT,
          () -> leader.log() + learner.log(),
          () -> learner.log().contains("applied snapshot"));
      learner.awaitReady();
      assertTrue(has(learner, "key" + (STATE_MEBIBYTES - 1)));
    }
  }

  private static String said(ServerUnderTest member, String message) {
    return member.log().lines().filter(line -> line.contains(message)).findFirst().orElse("");
  }

  /** As from an etcd, which does not say how much will come. */
  @Test
  void whatFillsTheDiskIsBrokenOffWithAReason() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMebibytes(SMALL_MEBIBYTES);
        ServerUnderTest member =
            ServerUnderTest.startOn(ServerProgram.underTest(), disk.path().resolve("data"))) {
      HttpResponse<String> answer = sendEndlessSnapshot(member);
      assertEquals(500, answer.statusCode(), answer.body());
      assertTrue(answer.body().contains(NO_SPACE), answer.body());
      put(member, "after", 10);
      assertTrue(has(member, "after"));
    }
  }

  private static HttpResponse<String> sendEndlessSnapshot(ServerUnderTest member) throws Exception {
    long id;
    long cluster;
    try (GrpcClient client = new GrpcClient(member.endpoint())) {
      var header = new Etcd(client).status().getHeader();
      id = header.getMemberId();
      cluster = header.getClusterId();
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(member.peerUrl() + "/raft/snapshot"))
            .header("X-Server-From", "1")
            .header("X-Server-Version", "3.7.1")
            .header("X-Min-Cluster-Version", "3.0.0")
            .header("X-Etcd-Cluster-ID", Long.toHexString(cluster))
            .POST(BodyPublishers.ofInputStream(() -> endlessSnapshot(id)))
            .timeout(LIMIT)
            .build();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, BodyHandlers.ofString());
  }

  private static InputStream endlessSnapshot(long to) {
    FrameBuffer head = new FrameBuffer();
    new MessageEncoder()
        .encode(
            Message.newBuilder()
                .setType(MessageType.MsgSnap)
                .setTo(to)
                .setFrom(1)
                .setTerm(100)
                .setSnapshot(
                    Snapshot.newBuilder()
                        .setMetadata(
                            SnapshotMetadata.newBuilder()
                                .setIndex(1_000_000)
                                .setTerm(100)
                                .setConfState(ConfState.newBuilder().addVoters(to))))
                .build(),
            head);
    return new SequenceInputStream(
        new ByteArrayInputStream(head.take().toArray()),
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }
        });
  }
}
