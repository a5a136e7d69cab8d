package io.sampo.node.edge.http2.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuffmanPaddingTest {
  /** A literal with the name {@code a} and that value. */
  private static boolean isShort(String value) {
    byte[] bytes = HexFormat.of().parseHex(value);
    byte[] block = new byte[4 + bytes.length];
    block[1] = 1;
    block[2] = 'a';
    block[3] = (byte) (0x80 | bytes.length);
    System.arraycopy(bytes, 0, block, 4, bytes.length);
    return HuffmanPadding.isShort(block, 0, block.length);
  }

  /** Strings of RFC 7541, appendix C, with none to seven bits of padding. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "f1e3c2e5f23a6ba0ab90f4ff",
        "a8eb10649cbf",
        "25a849e95ba97d7f",
        "25a849e95bb8e8b4bf",
        "6402",
        "640eff",
        "aec3771a4b",
        "d07abe941054d444a8200595040b8166e082a62d1bff",
        "9d29ad171863c78f0b97c8e9ae82ae43d3",
        "9bd9ab",
        "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"
      })
  void aByteMoreIsTooLong(String value) {
    assertEquals(true, isShort(value));
    assertEquals(false, isShort(value + "ff"));
    assertEquals(false, isShort(value + "ffff"));
  }

  /** Behind nothing or one symbol, the beginning of a longer one. */
  @ParameterizedTest
  @ValueSource(strings = {"fffe", "ffff", "fffffe", "1fffff"})
  void aSymbolThatIsCutIsTooLong(String value) {
    assertEquals(false, isShort(value));
  }

  @Test
  void aBlockWithItEndsTheConnection() {
    byte[] block = {(byte) 0x82, 0, 1, 'a', (byte) 0x82, 0x1f, (byte) 0xff};
    ConnectionError error =
        assertThrows(
            ConnectionError.class, () -> new HeaderDecoder(1_000).decode(block, 0, block.length));
    assertEquals(ErrorCode.COMPRESSION_ERROR, error.code());
  }

  @Property(tries = 1_000)
  void anyBytesAreReadWithinTheirBounds(@ForAll @Size(max = 40) byte[] bytes) {
    HuffmanPadding.isShort(bytes, 0, bytes.length);
  }
}
