package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Go's choices; in text (RFC 2253) a subject stands the other way round than in a certificate. */
class CommonNameTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CN=alice|alice",
        "CN=alice,O=x,C=FI|alice",
        "CN=last,O=x,CN=first|last",
        "CN=multi+OU=unit|multi",
        "OU=unit+CN=multi,CN=first|multi",
        "O=nobody|''",
        "''|''",
        "CN=älice\\, the first|älice, the first"
      })
  void theLastOneCounts(String subject, String name) {
    assertEquals(name, CommonName.of(new X500Principal(subject)));
  }

  /** With types that are no text to Go: an octet string. */
  @Test
  void onlyTextIsAName() {
    assertEquals("ab", CommonName.of(of("0c", "ab")));
    assertEquals("ab", CommonName.of(of("13", "ab")));
    assertEquals("ab", CommonName.of(of("16", "ab")));
    assertEquals("12", CommonName.of(of("12", "12")));
    assertEquals("\u00e4b", CommonName.of(of("14", "\u00e4b")));
    assertEquals("b", CommonName.of(of("1e", "\0b")));
    assertEquals("", CommonName.of(of("04", "ab")));
  }

  private static X500Principal of(String type, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    int length = bytes.length;
    String der =
        "30%02x31%02x30%02x0603550403%s%02x%s"
            .formatted(
                length + 11, length + 9, length + 7, type, length, HexFormat.of().formatHex(bytes));
    return new X500Principal(HexFormat.of().parseHex(der));
  }
}
