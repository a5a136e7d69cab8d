package io.sampo.tests.abuse;

import java.io.IOException;
import java.time.Duration;

/** Messages of gRPC that are announced with 1 MB and of which ten bytes come. */
record HalfMessages(int connections, int streams, Duration limit) implements Abuse {
  private static final int ANNOUNCED_BYTES = 1_000_000;
  private static final int SENT_BYTES = 10;

  @Override
  public String title() {
    return "half-messages";
  }

  @Override
  public String what() {
    return "gRPC: a message announced with 1 MB, 10 bytes sent, on %d connections of %d streams, %d s"
        .formatted(connections, streams, limit.toSeconds());
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    long deadline = RudeClients.after(limit);
    for (int i = 0; i < connections; i++) {
      RudeConnection connection = clients.connectHttp2();
      FrameBytes out = new FrameBytes();
      for (int j = 0; j < streams; j++) {
        int stream = 2 * j + 1;
        out.grpcHeaders(stream, "/etcdserverpb.KV/Put")
            .begunMessage(stream, ANNOUNCED_BYTES, new byte[SENT_BYTES]);
      }
      connection.send(out.bytes(), deadline);
    }
    clients.holdUntil(deadline);
  }
}
