package io.sampo.node.edge.http2;

import static io.sampo.node.edge.http2.RawClient.data;
import static io.sampo.node.edge.http2.RawClient.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.edge.http2.frame.Frame;
import io.sampo.node.edge.http2.frame.FrameReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;

/** However the bytes of a client are cut on their way, the answer is the same. */
class SegmentsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterContainer
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Property(tries = 100)
  void theCutsDoNotMatter(@ForAll @Size(max = 60) List<@IntRange(max = 85_000) Integer> cuts) {
    assertEquals(answers(List.of()), answers(cuts));
  }

  @Property(tries = 3)
  void norDoesAByteAtATime(@ForAll @IntRange(max = 2) int turn) {
    List<Integer> every = java.util.stream.IntStream.range(0, 400).boxed().toList();
    assertEquals(answers(List.of()), answers(every));
  }

  private static List<String> answers(List<Integer> cuts) {
    RawClient client =
        new RawClient(
            KIT.system(),
            RawClient.settings(true),
            new EchoHandler(),
            new ConnectionDrain(),
            () -> 0L);
    byte[] script = script(client);
    int from = 0;
    for (int cut : new TreeSet<>(cuts)) {
      if (cut > from && cut < script.length) {
        client.send(Arrays.copyOfRange(script, from, cut));
        from = cut;
      }
    }
    client.send(Arrays.copyOfRange(script, from, script.length));
    List<String> lines = new ArrayList<>(client.until("RST_STREAM 9"));
    if (!lines.contains("DATA 3  end")) {
      lines.addAll(client.until("DATA 3  end"));
    }
    // Streams take their turns as the bytes come; each one's frames keep their order.
    lines.sort(Comparator.comparing(SegmentsTest::stream));
    return lines;
  }

  private static String stream(String line) {
    String[] words = line.split(" ");
    return words[0].matches("DATA|HEADERS") ? words[1] : "";
  }

  private static byte[] script(RawClient client) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(FrameReader.PREFACE);
    all.writeBytes(frame(Frame.SETTINGS, 0, 0, 0, 4, 0, 1, 0, 0));
    all.writeBytes(client.get(1, "/"));
    byte[] block = client.block(":method", "POST", ":scheme", "http", ":path", "/", "a", "b");
    all.writeBytes(frame(Frame.HEADERS, 0, 3, Arrays.copyOf(block, 3)));
    all.writeBytes(frame(Frame.CONTINUATION, 0, 3));
    all.writeBytes(
        frame(
            Frame.CONTINUATION, Frame.END_HEADERS, 3, Arrays.copyOfRange(block, 3, block.length)));
    all.writeBytes(frame(Frame.DATA, Frame.PADDED, 3, 3, 'x', 'y', 0, 0, 0));
    for (int i = 0; i < 4; i++) {
      all.writeBytes(data(3, i == 3, new byte[16_000]));
    }
    all.writeBytes(frame(Frame.PING, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8));
    all.writeBytes(client.post(5, "/hang"));
    all.writeBytes(frame(Frame.RST_STREAM, 0, 5, 0, 0, 0, 8));
    all.writeBytes(client.get(7, "/"));
    all.writeBytes(client.post(9, "/hang"));
    all.writeBytes(client.headers(9, false, "no", "end"));
    return all.toByteArray();
  }
}
