package io.sampo.node.edge.grpc;

import static io.sampo.node.edge.http2.RawClient.data;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.StreamGuard;
import io.sampo.node.edge.http2.RawClient;
import io.sampo.protocol.error.EtcdError;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcEdgeTest extends EchoFixture {
  private static final ActorTestKit KIT = ActorTestKit.create();

  GrpcEdgeTest() {
    super(KIT);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aUnaryCallIsAnsweredWithAFrameAndATrailer() {
    for (int id = 1; id < 8; id += 2) {
      client.send(head(id, "/test.Echo/Echo"), data(id, true, ping()));
      assertEquals(
          List.of(
              "HEADERS " + id + " " + HEAD,
              "DATA " + id + " " + FRAME,
              "HEADERS " + id + " grpc-status=0 end"),
          client.frames());
    }
    assertEquals(Collections.nCopies(4, Status.Code.OK), codes);
  }

  @Test
  void whoListensHearsOfEveryUnaryCall() {
    call("/test.Echo/Echo", ping());
    client.send(head(3, "/test.Echo/Fail"), data(3, true, ping()));
    client.frames();

    assertEquals(
        List.of(
            "/test.Echo/Echo ping ping " + RawClient.REMOTE,
            "/test.Echo/Fail ping - " + RawClient.REMOTE),
        answers);
  }

  @Test
  void theContentTypeComesBack() {
    List<String> lines = call("/test.Echo/Echo", ping(), "content-type", "application/grpc+proto");
    assertEquals("HEADERS 1 :status=200, content-type=application/grpc+proto", lines.get(0));
    assertEquals("HEADERS 1 grpc-status=0 end", lines.get(2));
  }

  @Test
  void whoSendsGzipGetsGzip() {
    byte[] body = GrpcFrames.framed(1, GzipFrames.compress(PING));
    List<String> lines = call("/test.Echo/Echo", body, "grpc-encoding", "gzip");
    assertEquals("HEADERS 1 " + HEAD + ", grpc-encoding=gzip", lines.get(0));
    assertTrue(lines.get(1).startsWith("DATA 1 \1"));
  }

  @Test
  void aLargeAnswerLeavesAsTheWindowsOpen() {
    client.send(head(1, "/test.Echo/Many"), data(1, true, ping()));
    client.frames();
    byte[] first = client.takeData();
    assertEquals(65_535, first.length);
    client.send(windowUpdate(0), windowUpdate(1));
    client.until("HEADERS 1 grpc-status=0 end");
    byte[] all = concat(first, client.takeData());
    assertArrayEquals(GrpcFrames.framed(0, new ManyLetters().toByteArray()), all);
  }

  @ParameterizedTest
  @CsvSource({"Many, 1", "ManyTwice, 2"})
  void largeAnswersAreCompressedAsWhole(String method, int messages) {
    byte[] body = GrpcFrames.framed(1, GzipFrames.compress(PING));
    client.send(head(1, "/test.Echo/" + method, "grpc-encoding", "gzip"), data(1, true, body));
    client.until("HEADERS 1 grpc-status=0 end");
    byte[] all = client.takeData();
    for (int i = 0; i < messages; i++) {
      assertEquals(1, all[0]);
      int end = GrpcFrames.PREFIX + (int) GrpcFrames.length(all, 0);
      byte[] message =
          GzipFrames.decompress(Arrays.copyOfRange(all, GrpcFrames.PREFIX, end), 1 << 20);
      assertArrayEquals(new ManyLetters().toByteArray(), message);
      all = Arrays.copyOfRange(all, end, all.length);
    }
    assertEquals(0, all.length);
  }

  private static byte[] windowUpdate(int stream) {
    return RawClient.frame(8, 0, stream, new byte[] {0, 1, 0, 0});
  }

  @Test
  void aUnaryCallIsAnsweredBeforeItsClientEndsItsHalf() {
    client.send(head(1, "/test.Echo/Echo"), data(1, false, ping()));
    assertEquals("RST_STREAM 1 NO_ERROR", client.frames().get(3));
  }

  @Test
  void aMessageLargerThanAWindowIsLetIn() {
    LongWork longWork = new LongWork(KIT.system().executionContext());
    GrpcEdge edge = edge(longWork);
    GrpcEdge large =
        new GrpcEdge(
            List.of(
                new GrpcMethod.Unary(
                    "/test.Echo/Size",
                    (message, call) ->
                        CompletableFuture.completedFuture(
                            Integer.toString(message.length).getBytes()))),
            new GrpcEdge.Settings(
                1 << 22,
                (method, call) -> null,
                StreamGuard.NONE,
                longWork,
                Set.of(),
                AnswerListener.NONE),
            edge.listener(),
            () -> 0L);
    RawClient other = RawClient.connected(KIT.system(), RawClient.settings(false), large);
    byte[] body = GrpcFrames.framed(0, new byte[2_000_000]);
    other.send(
        other.headers(
            1,
            false,
            ":method",
            "POST",
            ":path",
            "/test.Echo/Size",
            "content-type",
            "application/grpc"));
    int window = 65_535;
    for (int at = 0; at < body.length; ) {
      int length = Math.min(Math.min(16_384, body.length - at), window);
      if (length == 0) {
        for (String line : other.frames()) {
          window += line.startsWith("WINDOW_UPDATE 1 ") ? Integer.parseInt(line.split(" ")[2]) : 0;
        }
        continue;
      }
      window -= length;
      at += length;
      other.send(data(1, at == body.length, Arrays.copyOfRange(body, at - length, at)));
    }
    assertTrue(other.until("DATA").get(0) != null);
  }

  @Test
  void aCallWithoutAnAnswerEndsAtItsDeadline() {
    for (String path : List.of("/test.Echo/Late", "/test.Echo/Stream", "/test.Echo/Frames")) {
      int id = 1 + 2 * codes.size();
      client.send(head(id, path, "grpc-timeout", "10m"), data(id, false, ping()));
      assertTrue(
          client.until("RST_STREAM " + id + " NO_ERROR").stream()
              .anyMatch(
                  line -> line.contains("grpc-status=4, grpc-message=context deadline exceeded")));
    }
    assertEquals(Collections.nCopies(3, Status.Code.DEADLINE_EXCEEDED), codes);
    assertTrue(frames.closed);
  }

  @Test
  void anAnswerThatIsLateComesFromAnyThread() {
    assertEquals(List.of(), call("/test.Echo/Late", ping()));
    late.get(0).complete(PING);
    assertEquals("DATA 1 " + FRAME, client.until("HEADERS 1 grpc-status=0 end").get(1));
  }

  @Test
  void eachMessageIsAnsweredInOrder() {
    client.send(head(1, "/test.Echo/Each"), data(1, false, concat(ping(), ping(), ping())));
    assertEquals(List.of(), client.frames());
    late.get(1).complete(new byte[] {'2'});
    assertEquals(List.of(), client.frames());
    late.get(0).complete(new byte[] {'1'});
    client.send(data(1, true, new byte[0]));
    assertEquals(
        List.of("HEADERS 1 " + HEAD, "DATA 1 \0\0\0\0\1" + "1", "DATA 1 \0\0\0\0\1" + "2"),
        client.until("DATA 1 \0\0\0\0\1" + "2"));
    late.get(2).completeExceptionally(EtcdError.NO_LEADER.exception());
    assertEquals(
        List.of("HEADERS 1 grpc-status=14, grpc-message=etcdserver: no leader end"),
        client.until("HEADERS 1 grpc-status"));
  }

  @Test
  void anAnswerThatComesBetweenTwoLooksIsSent() {
    client.send(head(1, "/test.Echo/Meanwhile"), data(1, false, ping()));
    client.until("DATA 1 " + FRAME);
  }

  @Test
  void noMoreMessagesAreUnderWayThanAllowed() {
    byte[][] many = new byte[70][];
    Arrays.fill(many, ping());
    client.send(head(1, "/test.Echo/Each"), data(1, true, concat(many)));
    client.frames();
    assertEquals(64, late.size());
    for (int i = 0; i < 64; i++) {
      late.get(i).complete(PING);
    }
    for (int i = 0; i < 64; i++) {
      client.until("DATA 1 ");
    }
    assertEquals(70, late.size());
    late.subList(64, 70).forEach(reply -> reply.complete(PING));
    client.until("HEADERS 1 grpc-status=0 end");
  }

  @Test
  void aStreamIsCutIntoMessagesWhereverItsBytesWereCut() {
    client.send(head(1, "/test.Echo/Stream"));
    byte[] two = concat(ping(), ping());
    for (int i = 0; i < two.length; i++) {
      client.send(data(1, i == two.length - 1, new byte[] {two[i]}));
    }
    assertEquals(
        List.of(
            "HEADERS 1 " + HEAD,
            "DATA 1 " + FRAME,
            "DATA 1 " + FRAME,
            "HEADERS 1 grpc-status=0 end"),
        client.until("HEADERS 1 grpc-status"));
  }

  @Test
  void aStreamThatBreaksEndsWithTheStatusOfWhatBrokeIt() {
    client.send(head(1, "/test.Echo/Broken"), data(1, true, ping()));
    List<String> lines = client.until("HEADERS 1 grpc-status");
    assertEquals("DATA 1 " + FRAME, lines.get(1));
    assertTrue(lines.get(2).contains("grpc-status=11"), lines::toString);
  }

  @Test
  void aClientThatEndsItsHalfIsAnsweredAndOneThatAlsoLeavesIsCancelled() {
    client.send(head(1, "/test.Echo/Each"), data(1, true, new byte[0]));
    client.until("HEADERS 1");
    assertEquals(List.of(Status.Code.OK), codes);
    ByteString segment =
        ByteString.fromArray(head(3, "/test.Echo/Each"))
            .concat(ByteString.fromArray(data(3, true, new byte[0])))
            .concat(ByteString.fromArray(RawClient.frame(3, 0, 3, new byte[] {0, 0, 0, 8})));
    client.send(segment.toArray());
    client.frames();
    assertEquals(List.of(Status.Code.OK, Status.Code.CANCELLED), codes);
  }

  @Test
  void framesGoAsTheyAreAndByDemand() {
    client.send(head(1, "/test.Echo/Frames"), data(1, false, ping()));
    client.frames();
    assertEquals(1, frames.pulls);
    assertEquals(1, frames.messages);
    frames.output.send(ByteString.fromString("frames"));
    assertEquals(List.of("HEADERS 1 " + HEAD, "DATA 1 frames"), client.until("DATA"));
    client.frames();
    assertEquals(2, frames.pulls);
    assertFalse(frames.closed);
    client.send(RawClient.frame(3, 0, 1, new byte[] {0, 0, 0, 8}));
    client.frames();
    assertTrue(frames.closed);
    assertEquals(List.of(Status.Code.CANCELLED), codes);
  }

  @Test
  void aStreamThatAskedForALeaderEndsWithoutOne() {
    client.send(head(1, "/test.Echo/Frames", "hasleader", "true"));
    client.frames();
    guarded.get(0).accept(EtcdError.NO_LEADER.exception());
    assertEquals(
        List.of(failed(1, HEAD + ", ", 14, "etcdserver: no leader")), client.until("HEADERS"));
    client.frames();
    assertEquals(List.of(), guarded);
  }

  @Test
  void aCallThatWaitsIsCancelledWhenItsClientLeaves() {
    client.send(head(1, "/test.Wait/Wait"), data(1, true, GrpcFrames.framed(0, new byte[0])));
    client.frames();
    assertFalse(wait.isDone());
    client.send(RawClient.frame(3, 0, 1, new byte[] {0, 0, 0, 8}));
    client.frames();
    assertThrows(CancellationException.class, () -> wait.get(10, TimeUnit.SECONDS));
  }

  @Test
  void aCallThatWaitsIsCancelledAtItsDeadline() {
    client.send(
        head(1, "/test.Wait/Wait", "grpc-timeout", "10m"),
        data(1, true, GrpcFrames.framed(0, new byte[0])));
    client.until(failed(1, HEAD + ", ", 4, "context deadline exceeded"));
    assertThrows(CancellationException.class, () -> wait.get(10, TimeUnit.SECONDS));
  }
}
