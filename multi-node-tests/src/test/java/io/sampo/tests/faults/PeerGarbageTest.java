package io.sampo.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members that serve, and a third whose place and name are taken by somebody who means ill. */
class PeerGarbageTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int SLOW_CONNECTIONS = 200;

  /**
   * Less than a third of what is sent; the heap has 256 MB before its old objects are looked at.
   */
  private static final long GROWTH_BYTES = 400L << 20;

  private ClusterUnderTest cluster;
  private MemberListResponse members;
  private String clusterId;

  @BeforeEach
  void start() {
    cluster = ClusterUnderTest.start(ServerProgram.underTest(), 3);
    cluster.member(2).kill();
    try (GrpcClient client = client()) {
      write(client, 1);
      members =
          client.call(
              "/etcdserverpb.Cluster/MemberList",
              MemberListRequest.getDefaultInstance(),
              MemberListResponse.getDefaultInstance());
      clusterId = Long.toHexString(members.getHeader().getClusterId());
      write(client, 300);
    }
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private GrpcClient client() {
    return new GrpcClient(cluster.member(0).endpoint(), LIMIT);
  }

  private static void write(GrpcClient client, int count) {
    for (int i = 0; i < count; i++) {
      ByteString key = Etcd.bytes("key" + i % 10);
      Await.until(LIMIT, () -> "no writes", () -> isWritten(client, key));
    }
  }

  private static boolean isWritten(GrpcClient client, ByteString key) {
    try {
      new Etcd(client).put(PutRequest.newBuilder().setKey(key).setValue(key));
      return true;
    } catch (io.grpc.StatusRuntimeException electing) {
      return false;
    }
  }

  private long id(int member) {
    String name = cluster.member(member).name();
    return members.getMembersList().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getID();
  }

  private String head(String method, String path, String cluster, String version, String rest) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nX-Server-From: %s\r\n"
            .formatted(method, path, Long.toHexString(id(2)))
        + "X-Server-Version: %s\r\nX-Min-Cluster-Version: 3.0.0\r\n".formatted(version)
        + "X-Raft-To: %s\r\nX-Etcd-Cluster-ID: %s\r\n".formatted(Long.toHexString(id(0)), cluster)
        + "Connection: close\r\n"
        + rest
        + "\r\n";
  }

  private String head(String method, String path, String rest) {
    return head(method, path, clusterId, "3.7.0", rest);
  }

  /**
   * The status that a request is answered with, be it before its end; "none" if the connection ends
   * without.
   */
  private String status(String head, byte[] body) throws IOException {
    try (Socket socket = connect()) {
      boolean sent = isSent(socket, head, body);
      try {
        byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return text.startsWith("HTTP/1.1 ") ? text.substring("HTTP/1.1 ".length()) : "none";
      } catch (IOException reset) {
        assertFalse(sent && head.length() + body.length < 1_000, reset::getMessage);
        return "none";
      }
    }
  }

  private static boolean isSent(Socket socket, String head, byte[] body) {
    try {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(body);
      return true;
    } catch (IOException answeredBeforeTheEnd) {
      return false;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), cluster.member(0).peerPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  @Test
  void whatNoMemberSaysIsRefusedAndHarmsNobody() throws IOException {
    List<Long> before = residentBytes();
    List<Socket> slow = new ArrayList<>();
    try (FakePeer fake = new FakePeer(cluster.member(2).peerPort(), clusterId);
        GrpcClient client = client()) {
      for (int i = 0; i < SLOW_CONNECTIONS; i++) {
        slow.add(connect());
      }
      refusals();
      damagedSnapshots();
      floods();
      for (Socket each : slow) {
        each.getOutputStream()
            .write("POST /raft HTTP/1.1\r\nX-Server-Fr".getBytes(StandardCharsets.US_ASCII));
      }
      Await.until(LIMIT, () -> "dialled " + fake.dialled() + " times", () -> fake.dialled() > 24);
      write(client, 300);
    } finally {
      for (Socket each : slow) {
        each.close();
      }
    }
    List<Long> after = residentBytes();
    for (int i = 0; i < 2; i++) {
      ServerUnderTest member = cluster.member(i);
      assertTrue(member.isRunning(), member::log);
      assertEquals(List.of(), troubles(member));
      assertTrue(
          after.get(i) - before.get(i) < GROWTH_BYTES, "memory grew " + before + " to " + after);
    }
    assertTrue(cluster.member(0).log().contains("request cluster ID mismatch"));
    cluster.member(2).start();
  }

  /** Pekko HTTP calls it an error of its own when a pooled connection is answered with nonsense. */
  private static List<String> troubles(ServerUnderTest member) {
    return MemberLogs.troubles(member).stream()
        .filter(line -> !line.contains("Error in stage [org.apache.pekko.http.impl.engine.client."))
        .toList();
  }

  private void refusals() throws IOException {
    String stream = "/raft/stream/message/" + Long.toHexString(id(2));
    assertEquals("412", status(head("GET", stream, "beef", "3.7.0", ""), new byte[0]));
    assertEquals("412", status(head("GET", stream, clusterId, "2.3.0", ""), new byte[0]));
    assertEquals("404", status(head("GET", "/raft/stream/message/beef", ""), new byte[0]));
    assertEquals("404", status(head("GET", "/raft/stream/message", ""), new byte[0]));
    assertEquals("400", status(head("POST", "/raft", "Content-Length: 5\r\n"), FakePeer.noise(5)));
    assertEquals(
        "412",
        status(head("POST", "/raft", "beef", "3.7.0", "Content-Length: 5\r\n"), FakePeer.noise(5)));
  }

  private void damagedSnapshots() throws IOException {
    Message message =
        Message.newBuilder()
            .setType(MessageType.MsgSnap)
            .setFrom(id(2))
            .setTo(id(0))
            .setTerm(1)
            .setSnapshot(
                Snapshot.newBuilder()
                    .setMetadata(SnapshotMetadata.newBuilder().setIndex(1L << 40).setTerm(1)))
            .build();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeLong(message.getSerializedSize());
    message.writeTo(out);
    out.write(FakePeer.noise(8 << 20));
    String whole = "Content-Length: " + body.size() + "\r\n";
    assertEquals("500", status(head("POST", "/raft/snapshot", whole), body.toByteArray()));
    String more = "Content-Length: " + (body.size() + 1_000) + "\r\n";
    try (Socket torn = connect()) {
      torn.getOutputStream()
          .write(head("POST", "/raft/snapshot", more).getBytes(StandardCharsets.ISO_8859_1));
      torn.getOutputStream().write(body.toByteArray());
    }
    byte[] announced = {0x7f, 1, 1, 1, 1, 1, 1, 1, 9, 9};
    assertEquals(
        "400", status(head("POST", "/raft/snapshot", "Content-Length: 10\r\n"), announced));
  }

  private void floods() throws IOException {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 2_000; i++) {
      many.write(FakePeer.chunk(FakePeer.noise(64 << 10)));
    }
    byte[] chunks = many.toByteArray();
    refused(status(head("POST", "/raft", "Transfer-Encoding: chunked\r\n"), chunks));
    refused(status(head("POST", "/raft", "Content-Length: 900000000000\r\n"), chunks));
    refused(status(head("GET", "/version", "X: " + "and more ".repeat(1 << 20)), new byte[0]));
    refused(status("", FakePeer.noise(1 << 20)));
  }

  /** Who is still sending may see the end of the connection before the answer. */
  private static void refused(String status) {
    assertTrue(List.of("400", "413", "431", "none").contains(status), status);
  }

  private List<Long> residentBytes() throws IOException {
    List<Long> sizes = new ArrayList<>();
    for (ServerUnderTest member : cluster.members().subList(0, 2)) {
      String status = Files.readString(Path.of("/proc/" + member.pid() + "/status"));
      sizes.add(
          status
              .lines()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
              .findFirst()
              .orElseThrow());
    }
    return sizes;
  }
}
