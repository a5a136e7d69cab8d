package io.sampo.tests.abuse;

import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.process.Await;
import java.io.IOException;
import java.time.Duration;

/** A put by gRPC in TCP segments of one byte. */
record TinySegments(int connections, int valueBytes, Duration limit) implements Abuse {
  /** Written together they would be one segment; a pause after so many makes them several. */
  private static final int BYTES_A_PAUSE = 20;

  @Override
  public String title() {
    return "tiny-segments";
  }

  @Override
  public String what() {
    return "gRPC: puts of %d bytes on %d connections, one byte a segment"
        .formatted(valueBytes, connections);
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    byte[] put =
        PutRequest.newBuilder()
            .setKey(Etcd.bytes("tiny"))
            .setValue(Etcd.bytes("v".repeat(valueBytes)))
            .build()
            .toByteArray();
    byte[] bytes =
        new FrameBytes()
            .grpcHeaders(1, "/etcdserverpb.KV/Put")
            .message(1, false, put, true)
            .bytes();
    for (int i = 0; i < connections; i++) {
      clients.connectHttp2();
    }
    long deadline = RudeClients.after(limit);
    for (int at = 0; at < bytes.length && System.nanoTime() < deadline; at++) {
      for (RudeConnection connection : clients.connections()) {
        connection.send(new byte[] {bytes[at]}, deadline);
      }
      if (at % BYTES_A_PAUSE == 0) {
        Await.pause(Duration.ofMillis(1));
      }
    }
    clients.awaitAnswers(deadline);
  }
}
