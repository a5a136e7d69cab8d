package io.sampo.node.edge.grpc;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.LongWork;
import io.sampo.node.edge.http2.RawClient;
import io.sampo.node.edge.http2.frame.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a client asks for and does not take is not made, and waits for it without harm. */
class ClosedWindowsTest extends EchoFixture {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String LARGE_PATH = "/test.Echo/Large";

  private long now;

  ClosedWindowsTest() {
    super(KIT);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private RawClient connect(AnswerMemory memory) {
    return RawClient.connected(
        KIT.system(),
        RawClient.settings(false),
        edge(new LongWork(KIT.system().executionContext())),
        memory);
  }

  private AnswerMemory memory(int total, int connection) {
    return new AnswerMemory(total, connection, () -> now);
  }

  private void ask(RawClient of, int id, String path) {
    of.send(of.headers(id, false, fields(path)), data(id, true, ping()));
  }

  private static String[] fields(String path) {
    return new String[] {
      ":method", "POST", ":scheme", "http", ":path", path, "content-type", "application/grpc"
    };
  }

  private static void open(RawClient client, int id) {
    byte[] increment = ByteBuffer.allocate(4).putInt(10 * LARGE).array();
    client.send(frame(Frame.WINDOW_UPDATE, 0, id, increment));
  }

  private static byte[] reset(int id) {
    return frame(Frame.RST_STREAM, 0, id, new byte[] {0, 0, 0, 8});
  }

  @Test
  void largeAnswersAreMadeOneAfterTheOtherAsTheyAreTaken() {
    RawClient rude = connect(memory(10 * LARGE, LARGE + 1));
    ask(rude, 1, LARGE_PATH);
    ask(rude, 3, LARGE_PATH);
    ask(rude, 5, LARGE_PATH);
    rude.frames();
    assertEquals(1, made.get());
    open(rude, 0);
    open(rude, 1);
    rude.until("HEADERS 1 grpc-status=0 end");
    rude.frames();
    assertEquals(2, made.get());
    open(rude, 3);
    rude.until("HEADERS 3 grpc-status=0 end");
    open(rude, 5);
    rude.until("HEADERS 5 grpc-status=0 end");
    assertEquals(3, made.get());
  }

  @Test
  void aStreamThatTheClientResetsGivesItsRoomToTheNext() {
    RawClient rude = connect(memory(10 * LARGE, LARGE + 1));
    for (int id = 1; id <= 7; id += 2) {
      ask(rude, id, LARGE_PATH);
    }
    rude.frames();
    rude.send(reset(3), reset(1));
    rude.frames();
    assertEquals(2, made.get());
    open(rude, 0);
    open(rude, 5);
    rude.until("HEADERS 5 grpc-status=0 end");
  }

  @Test
  void nothingBeginsWhileTooMuchWaitsAndAllOfItDoesAfterwards() {
    RawClient rude = connect(memory(10 * LARGE, 1_000));
    ask(rude, 1, LARGE_PATH);
    rude.frames();
    ask(rude, 3, "/test.Echo/Echo");
    rude.send(rude.headers(5, false, fields("/test.Echo/Frames")));
    List<String> lines = rude.frames();
    assertEquals(List.of(), lines);
    assertEquals(0, frames.pulls);
    open(rude, 0);
    open(rude, 1);
    rude.until("HEADERS 1 grpc-status=0 end");
    rude.until("HEADERS 3 grpc-status=0 end");
    rude.frames();
    assertEquals(1, frames.pulls);
  }

  @Test
  void whatHasNotBegunEndsWithItsStream() {
    RawClient rude = connect(memory(10 * LARGE, 1_000));
    ask(rude, 1, LARGE_PATH);
    ask(rude, 3, LARGE_PATH);
    rude.send(reset(3));
    rude.frames();
    open(rude, 0);
    open(rude, 1);
    rude.until("HEADERS 1 grpc-status=0 end");
    rude.frames();
    assertEquals(1, made.get());
  }

  @Test
  void othersGoOnWhenAllRoomIsTaken() {
    AnswerMemory memory = memory(20_000, 20_000);
    RawClient rude = connect(memory);
    ask(rude, 1, LARGE_PATH);
    rude.frames();
    RawClient good = connect(memory);
    ask(good, 1, "/test.Echo/Echo");
    good.until("HEADERS 1 grpc-status=0 end");
  }

  @Test
  void whoReadsNothingIsSentAwayWhenAnotherHasNoRoom() {
    AnswerMemory memory = memory(20_000, 20_000);
    RawClient rude = connect(memory);
    ask(rude, 1, LARGE_PATH);
    rude.frames();
    RawClient good = connect(memory);
    ask(good, 1, LARGE_PATH);
    good.frames();
    assertEquals(1, made.get());
    now = 20_000_000_000L;
    memory.look();
    List<String> lines = rude.until("closed");
    assertTrue(lines.get(lines.size() - 2).contains("ENHANCE_YOUR_CALM answers_not_read"));
    open(good, 0);
    open(good, 1);
    good.until("HEADERS 1 grpc-status=0 end");
  }
}
