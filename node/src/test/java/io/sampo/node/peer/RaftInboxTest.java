package io.sampo.node.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.metrics.MetricsPage;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.peer.stream.IncomingStream;
import io.sampo.node.peer.stream.MessageSink;
import io.sampo.node.peer.stream.StreamLimits;
import io.sampo.node.peer.stream.StreamListener;
import io.sampo.node.peer.wire.StreamKind;
import io.sampo.protocol.raftpb.Message;
import io.sampo.protocol.raftpb.MessageType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class RaftInboxTest {
  private static final int ZEROS = 64 << 10;

  private final MetricsRegistry registry = new MetricsRegistry();
  private final MessageSink stream =
      new RaftInbox(new MessageRules(2, removed -> false))
          .streamOf(1, new PeerMetrics(registry, "2").peer(1));

  @Test
  void someMessagesMayBeRefusedButNotAStreamOfThem() {
    Message toAnother =
        Message.newBuilder().setType(MessageType.MsgHeartbeat).setFrom(1).setTo(3).build();
    for (int i = 0; i < 64; i++) {
      stream.accept(toAnother);
      assertFalse(stream.isHopeless());
    }
    stream.accept(toAnother);
    assertTrue(stream.isHopeless());
    assertEquals(
        65, MetricsPage.value(registry, "etcd_network_peer_received_failures_total{From=\"1\"}"));
  }

  @Test
  void anEndlessStreamOfNothingEnds() throws Exception {
    ActorTestKit kit = ActorTestKit.create();
    try {
      CompletableFuture<String> ended = new CompletableFuture<>();
      StreamListener listener =
          new StreamListener() {
            @Override
            public void moved(long bytes) {}

            @Override
            public void ended(String reason, int lostMessages) {
              ended.complete(reason);
            }
          };
      Source.repeat(ByteString.fromArray(new byte[ZEROS]))
          .runWith(
              Sink.fromGraph(
                  new IncomingStream(
                      StreamKind.MESSAGE.decoder(2, 1, ZEROS),
                      StreamLimits.DEFAULT,
                      stream,
                      listener)),
              kit.system());
      assertEquals("too many messages that were refused", ended.get(30, TimeUnit.SECONDS));
    } finally {
      kit.shutdownTestKit();
    }
  }
}
