package io.sampo.tests.abuse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;

/** Messages of gRPC that are small compressed and large decompressed. */
record GzipBombs(int connections, int megabytes, Duration limit) implements Abuse {

  @Override
  public String title() {
    return "gzip-bombs";
  }

  @Override
  public String what() {
    return "gRPC: %d puts of %d MB, a thousandth of that compressed"
        .formatted(connections, megabytes);
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    byte[] bomb = compressedZeros(megabytes);
    long deadline = RudeClients.after(limit);
    byte[] bytes =
        new FrameBytes()
            .grpcHeaders(1, "/etcdserverpb.KV/Put", "grpc-encoding", "gzip")
            .message(1, true, bomb, true)
            .bytes();
    for (int i = 0; i < connections; i++) {
      clients.connectHttp2().send(bytes, deadline);
    }
    clients.awaitAnswers(deadline);
  }

  private static byte[] compressedZeros(int megabytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      byte[] zeros = new byte[1_000_000];
      for (int i = 0; i < megabytes; i++) {
        out.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
