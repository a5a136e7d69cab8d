package io.sampo.node.peer.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.peer.wire.FrameBuffer;
import io.sampo.node.peer.wire.MessageEncoder;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import io.sampo.protocol.raftpb.Snapshot;
import io.sampo.protocol.raftpb.SnapshotMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Raft messages, streams and snapshots. Statuses and texts are those of etcd 3.7.1; the last few
 * requests are of nobody's protocol.
 */
class RaftRoutesTest extends PeerRoutesFixture {
  @Test
  void aPostedMessageReachesRaftAndIsAnsweredAfterwards() throws Exception {
    Message message = message(MessageType.MsgHeartbeat).build();
    assertAnswer(204, "", post("/raft", message.toByteArray()));
    assertEquals(1, node.toldCount());
    assertEquals(message, node.nextMessage());
  }

  @Test
  void versionAndClusterAreChecked() throws Exception {
    byte[] body = message(MessageType.MsgHeartbeat).build().toByteArray();
    for (String path : new String[] {"/raft", "/raft/snapshot"}) {
      assertAnswer(
          412, "incompatible version\n", send(plain(path).POST(BodyPublishers.ofByteArray(body))));
      assertAnswer(
          412,
          "incompatible version\n",
          send(
              from(path, 1, "99")
                  .setHeader("X-Server-Version", "2.3.0")
                  .POST(BodyPublishers.ofByteArray(body))));
      assertAnswer(
          412,
          "incompatible version\n",
          send(
              from(path, 1, "99")
                  .setHeader("X-Min-Cluster-Version", "3.8.0")
                  .POST(BodyPublishers.ofByteArray(body))));
      assertAnswer(
          412,
          "incompatible version\n",
          send(
              from(path, 1, "99")
                  .setHeader("X-Server-Version", "latest")
                  .POST(BodyPublishers.ofByteArray(body))));
      HttpResponse<String> answer =
          send(from(path, 1, "98").POST(BodyPublishers.ofByteArray(body)));
      assertAnswer(412, "cluster ID mismatch\n", answer);
      assertEquals("99", answer.headers().firstValue("X-Etcd-Cluster-ID").orElseThrow());
    }
    assertEquals(0, node.toldCount());
  }

  @Test
  void messagesThatCannotBeForUsAreRefused() throws Exception {
    assertAnswer(405, "Method Not Allowed\n", send(plain("/raft").GET()));
    assertAnswer(400, "error unmarshalling raft message\n", post("/raft", new byte[] {1, 2, 3}));
    Message toAnother = message(MessageType.MsgHeartbeat).setTo(3).build();
    assertAnswer(500, "error processing raft message\n", post("/raft", toAnother.toByteArray()));
    Message innerVoice = message(MessageType.MsgHup).build();
    assertAnswer(500, "error processing raft message\n", post("/raft", innerVoice.toByteArray()));
    Message shortContext =
        message(MessageType.MsgHeartbeatResp).setContext(ByteString.copyFromUtf8("short")).build();
    assertAnswer(500, "error processing raft message\n", post("/raft", shortContext.toByteArray()));
    Message withoutState = message(MessageType.MsgSnap).build();
    assertAnswer(500, "error processing raft message\n", post("/raft", withoutState.toByteArray()));
    node.removed.add(1L);
    Message late = message(MessageType.MsgHeartbeat).build();
    assertAnswer(500, "error processing raft message\n", post("/raft", late.toByteArray()));
    byte[] large =
        message(MessageType.MsgProp)
            .addEntries(Entry.newBuilder().setData(ByteString.copyFrom(new byte[FRAME_LIMIT])))
            .build()
            .toByteArray();
    assertAnswer(400, "error reading raft message\n", post("/raft", large));
    assertEquals(0, node.toldCount());
  }

  @Test
  void streamsAreGivenToMembersOnly() throws Exception {
    assertAnswer(404, "invalid path\n", stream("/raft/stream/other/1"));
    assertAnswer(404, "invalid path\n", stream("/raft/stream/message"));
    assertAnswer(404, "invalid from\n", stream("/raft/stream/message/xyz"));
    assertAnswer(404, "invalid from\n", stream("/raft/stream/msgapp/+1"));
    HttpResponse<String> unknown = stream("/raft/stream/message/5");
    assertAnswer(404, "error sender not found\n", unknown);
    assertEquals("3.7.1", unknown.headers().firstValue("X-Server-Version").orElseThrow());
    assertEquals("99", unknown.headers().firstValue("X-Etcd-Cluster-ID").orElseThrow());
    assertAnswer(
        412,
        "to field mismatch\n",
        send(from("/raft/stream/message/1", 1, "99").header("X-Raft-To", "3").GET()));
    node.removed.add(1L);
    assertAnswer(410, "removed member\n", stream("/raft/stream/message/1"));
    HttpResponse<String> posted = post("/raft/stream/message/1", new byte[0]);
    assertAnswer(405, "Method Not Allowed\n", posted);
    assertEquals("GET", posted.headers().firstValue("Allow").orElseThrow());
  }

  @Test
  void aSnapshotThatIsNoneIsRefused() throws Exception {
    assertAnswer(405, "Method Not Allowed\n", send(plain("/raft/snapshot").GET()));
    HttpResponse<String> empty = post("/raft/snapshot", new byte[0]);
    assertAnswer(400, "failed to decode raft message (EOF)\n", empty);
    HttpResponse<String> half = post("/raft/snapshot", new byte[] {0, 0, 0, 0, 0, 0, 0, 9, 8, 7});
    assertAnswer(400, "failed to decode raft message (unexpected EOF)\n", half);
    byte[] huge = {0, 0, 0, 0, 4, 0, 0, 1, 9, 9};
    assertAnswer(
        400,
        "failed to decode raft message (rafthttp: error limit exceeded)\n",
        post("/raft/snapshot", huge));
    byte[] heartbeat = framed(message(MessageType.MsgHeartbeat).build());
    assertAnswer(400, "wrong raft message type\n", post("/raft/snapshot", heartbeat));
    byte[] toAnother = framed(snapshot().setTo(3).build());
    assertAnswer(
        500,
        "failed to process raft message (cannot process message to mismatch member)\n",
        post("/raft/snapshot", toAnother));
    assertEquals(0, node.toldCount());
    assertTrue(node.snapshots.isEmpty());
  }

  @Test
  void aSnapshotWhoseSenderStallsOrStopsIsForgotten() throws Exception {
    node = listening(SHORT, LONG);
    byte[] frame = framed(snapshot().build());
    // In this order: while one is being received, the next is refused at once.
    for (boolean cut : new boolean[] {false, true}) {
      try (Socket socket = new Socket("127.0.0.1", node.port())) {
        OutputStream out = socket.getOutputStream();
        out.write(head("POST", "/raft/snapshot", "Content-Length: 1000000\r\n"));
        out.write(frame);
        out.write(new byte[5000]);
        out.flush();
        if (cut) {
          socket.shutdownOutput();
        } else {
          // The end of the connection may overtake the answer; either way it has failed.
          assertThrows(IOException.class, () -> failUnless500(socket));
        }
      }
    }
    assertEquals(0, node.toldCount());
    assertTrue(node.snapshots.isEmpty());
    kit.createTestProbe()
        .awaitAssert(
            () -> {
              // A cut can be so quick that it is noticed before the sender's name.
              assertEquals(
                  2,
                  node.metric("snapshot_receive_failures{From=\"1\"}")
                      + node.metric("snapshot_receive_failures{From=\"UNKNOWN_SNAPSHOT_SENDER\"}"));
              return null;
            });
    assertEquals(0, node.metric("snapshot_receive_inflights_total{From=\"1\"}"));
  }

  private static void failUnless500(Socket socket) throws IOException {
    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
    throw new IOException("HTTP 500");
  }

  @Test
  void aBodyWithoutEndIsNotRead() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", node.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(head("POST", "/raft", "Transfer-Encoding: chunked\r\n"));
      byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.UTF_8);
      InputStream in = socket.getInputStream();
      int sent = 0;
      try {
        while (in.available() == 0 && sent < 64 * FRAME_LIMIT) {
          out.write(chunk);
          sent += chunk.length;
        }
      } catch (IOException closed) {
        assertTrue(sent > 0);
      }
      assertTrue(sent < 64 * FRAME_LIMIT, "read for ever");
    }
    assertEquals(0, node.toldCount());
  }

  @Test
  void whoDialsAStreamAndReadsNothingIsDropped() throws Exception {
    node = listening(LONG, SHORT);
    try (Socket socket = new Socket("127.0.0.1", node.port())) {
      socket.setReceiveBufferSize(4096);
      socket.getOutputStream().write(head("GET", "/raft/stream/message/1", "X-Raft-To: 2\r\n"));
      byte[] answer = new byte[12];
      assertEquals(12, socket.getInputStream().readNBytes(answer, 0, 12));
      assertEquals("HTTP/1.1 200", new String(answer, StandardCharsets.UTF_8));
      Message large =
          Message.newBuilder()
              .setType(MessageType.MsgProp)
              .setFrom(2)
              .setTo(1)
              .addEntries(Entry.newBuilder().setData(ByteString.copyFrom(new byte[FRAME_LIMIT])))
              .build();
      for (int i = 0; i < 20; i++) {
        node.network.send(large);
      }
      node.next(new io.sampo.node.raft.RaftCommand.PeerUnreachable(1)::equals);
    }
  }

  /** Its head has come, and then not even link heartbeats. */
  @Test
  void whoIsDialledAndSaysNothingIsDropped() throws Exception {
    node = listening(SHORT, LONG);
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      silent.setSoTimeout(20_000);
      node.add(3, "http://127.0.0.1:" + silent.getLocalPort());
      try (Socket dialled = silent.accept()) {
        dialled.setSoTimeout(20_000);
        dialled
            .getOutputStream()
            .write(
                ("HTTP/1.1 200 OK\r\nX-Server-Version: 3.7.1\r\nX-Etcd-Cluster-ID: 99\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertTrue(isEnded(dialled.getInputStream()));
      }
    }
  }

  private static boolean isEnded(InputStream in) {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private static byte[] head(String method, String path, String more) {
    return (method
            + " "
            + path
            + " HTTP/1.1\r\nHost: x\r\nX-Server-From: 1\r\nX-Server-Version: 3.7.1\r\n"
            + "X-Min-Cluster-Version: 3.0.0\r\nX-Etcd-Cluster-ID: 99\r\n"
            + more
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private HttpResponse<String> stream(String path) throws Exception {
    return send(from(path, 1, "99").header("X-Raft-To", "2").GET());
  }

  private static Message.Builder message(MessageType type) {
    return Message.newBuilder().setType(type).setFrom(1).setTo(2).setTerm(3);
  }

  private static Message.Builder snapshot() {
    return message(MessageType.MsgSnap)
        .setSnapshot(
            Snapshot.newBuilder()
                .setMetadata(SnapshotMetadata.newBuilder().setIndex(5).setTerm(3)));
  }

  private static byte[] framed(Message message) {
    FrameBuffer buffer = new FrameBuffer();
    new MessageEncoder().encode(message, buffer);
    return buffer.take().toArray();
  }
}
