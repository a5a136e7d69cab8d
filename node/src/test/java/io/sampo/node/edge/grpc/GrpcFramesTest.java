package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class GrpcFramesTest {

  @Property(tries = 200)
  void aCompressedMessageComesBackAsItWasWritten(@ForAll byte[] message) {
    byte[] compressed = GzipFrames.compress(message);
    assertArrayEquals(message, GrpcFrames.decoded(compressed, (byte) 1, "gzip", 1 << 20));
  }

  @Test
  void aMessageOverTheLimitIsRefusedInGrpcGosWords() {
    EtcdException e = assertThrows(EtcdException.class, () -> GrpcFrames.checkSize(26, 25));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.code());
    assertEquals("grpc: received message larger than max (26 vs. 25)", e.text());
  }

  @Test
  void aMessageThatGrowsOverTheLimitIsRefusedToo() {
    byte[] compressed = GzipFrames.compress(new byte[1000]);
    EtcdException e =
        assertThrows(
            EtcdException.class, () -> GrpcFrames.decoded(compressed, (byte) 1, "gzip", 25));
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.code());
  }

  @Test
  void framesInARowAreCounted() {
    ByteString two = GrpcFrames.frame(new byte[300]).concat(GrpcFrames.frame(new byte[0]));
    assertEquals(0, GrpcFrames.count(ByteString.emptyByteString()));
    assertEquals(2, GrpcFrames.count(two));
  }

  @Test
  void compressedBytesWithoutAnEncodingAreRefused() {
    EtcdException e =
        assertThrows(
            EtcdException.class, () -> GrpcFrames.decoded(new byte[0], (byte) 1, "identity", 25));
    assertEquals(Status.Code.INTERNAL, e.code());
  }

  @Test
  void whatIsNoGzipIsRefusedInGrpcGosWords() {
    byte[] whole = GzipFrames.compress(new byte[2000]);
    assertGzipRefused(new byte[0], "grpc: failed to decompress the message: EOF");
    assertGzipRefused(new byte[8], "grpc: failed to decompress the message: unexpected EOF");
    assertGzipRefused(new byte[20], "grpc: failed to decompress the message: gzip: invalid header");
    assertGzipRefused(
        java.util.Arrays.copyOf(whole, 15),
        "grpc: failed to read decompressed data: unexpected EOF");
  }

  private static void assertGzipRefused(byte[] compressed, String text) {
    EtcdException e =
        assertThrows(EtcdException.class, () -> GzipFrames.decompress(compressed, 5000));
    assertEquals(Status.Code.INTERNAL, e.code());
    assertEquals(text, e.text());
  }
}
