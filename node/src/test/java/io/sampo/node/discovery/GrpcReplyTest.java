package io.sampo.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An answer that comes in many parts has one time for all of them. */
class GrpcReplyTest {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private final ActorTestKit kit = ActorTestKit.create();
  private final Materializer materializer = SystemMaterializer.get(kit.system()).materializer();
  private int looks;

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  /** A message of three bytes, each byte of it and of its head by itself. */
  private GrpcReply reply() {
    List<ByteString> parts = new ArrayList<>();
    for (byte each : new byte[] {0, 0, 0, 0, 3, 'a', 'b', 'c'}) {
      parts.add(ByteString.fromArray(new byte[] {each}));
    }
    HttpResponse response =
        HttpResponse.create()
            .addHeader(RawHeader.create("grpc-status", "0"))
            .withEntity(
                HttpEntities.createChunked(
                    ContentTypes.APPLICATION_OCTET_STREAM, Source.from(parts)));
    return new GrpcReply(
        Endpoint.parse("127.0.0.1:1"),
        Source.single(response).runWith(Sink.queue(), materializer),
        () -> {},
        materializer);
  }

  /** The time is over after so many looks at it. */
  private LongSupplier looks(int most) {
    return () -> looks++ < most ? MINUTE_NANOS : 0;
  }

  @Test
  void withinItsTimeAllPartsAreReceived() throws Exception {
    try (GrpcReply reply = reply()) {
      LongSupplier left = looks(10);
      assertEquals(Optional.of(ByteString.fromString("abc")), reply.next(left));
      assertEquals(Optional.empty(), reply.next(left));
      assertEquals(10, looks);
    }
  }

  @Test
  void itsTimeIsLookedAtBeforeEachPart() {
    try (GrpcReply reply = reply()) {
      GrpcException late = assertThrows(GrpcException.class, () -> reply.next(looks(5)));
      assertEquals("context deadline exceeded", late.getMessage());
    }
  }
}
