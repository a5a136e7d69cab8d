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
  void aMessageComesBackAsItWasWritten(@ForAll byte[] message, @ForAll boolean gzip) {
    String encoding = gzip ? "gzip" : "identity";
    ByteString frame = GrpcFrames.frame(message, encoding);
    assertArrayEquals(message, GrpcFrames.single(frame, encoding, 1 << 20));
  }

  @Test
  void aMessageOverTheLimitIsRefusedInGrpcGosWords() {
    EtcdException e = refusal(GrpcFrames.frame(new byte[26]), "identity");
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.code());
    assertEquals("grpc: received message larger than max (26 vs. 25)", e.text());
  }

  @Test
  void aMessageThatGrowsOverTheLimitIsRefusedToo() {
    EtcdException e = refusal(GrpcFrames.frame(new byte[1000], "gzip"), "gzip");
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.code());
  }

  @Test
  void aTornFrameIsAnUnexpectedEnd() {
    ByteString frame = GrpcFrames.frame(new byte[5]);
    assertEquals("EOF", refusal(frame.take(3), "identity").text());
    assertEquals("unexpected EOF", refusal(frame.take(9), "identity").text());
    assertEquals("EOF", refusal(ByteString.emptyByteString(), "identity").text());
  }

  @Test
  void compressedBytesWithoutAnEncodingAreRefused() {
    EtcdException e = refusal(GrpcFrames.frame(new byte[0], "gzip"), "identity");
    assertEquals(Status.Code.INTERNAL, e.code());
  }

  private static EtcdException refusal(ByteString body, String encoding) {
    return assertThrows(EtcdException.class, () -> GrpcFrames.single(body, encoding, 25));
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
