package io.sampo.node.edge.http2.frame;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

class HuffmanPaddingTest {
  private static byte[] block(List<String> values) throws Exception {
    HPackEncoder encoder = new HPackEncoder(4096, StandardCharsets.US_ASCII);
    ByteArrayBuffer block = new ByteArrayBuffer(256);
    for (String value : values) {
      encoder.encodeHeaders(block, List.of(new BasicHeader("x-" + value.length(), value)), false);
    }
    return block.toByteArray();
  }

  @Property(tries = 200)
  void whatAnEncoderMakesIsShort(
      @ForAll @Size(max = 5)
          List<@CharRange(from = ' ', to = '~') @StringLength(max = 200) String> values)
      throws Exception {
    byte[] block = block(values);
    assertTrue(HuffmanPadding.isShort(block, 0, block.length));
  }

  @Property(tries = 200)
  void aByteMoreIsTooLong(
      @ForAll @CharRange(from = ' ', to = '~') @StringLength(min = 1, max = 20) String value)
      throws Exception {
    byte[] encoded = block(List.of(value));
    // A literal with a new name: the length of its value is the byte before the value.
    int nameBytes = encoded[1] & 0x7f;
    int at = 2 + nameBytes;
    Assume.that((encoded[at] & 0x80) != 0);
    byte[] longer = Arrays.copyOf(encoded, encoded.length + 1);
    longer[at]++;
    longer[encoded.length] = (byte) 0xff;
    assertFalse(HuffmanPadding.isShort(longer, 0, longer.length));
  }

  @Property(tries = 1_000)
  void anyBytesAreReadWithinTheirBounds(@ForAll @Size(max = 40) byte[] bytes) {
    HuffmanPadding.isShort(bytes, 0, bytes.length);
  }
}
