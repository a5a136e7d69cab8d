package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ~} stands for a line's end. */
class FirstBytesTest {
  private static FirstBytes of(String text, boolean looksAtLine) {
    return FirstBytes.of(bytes(text), looksAtLine, false);
  }

  private static ByteString bytes(String text) {
    return ByteString.fromArray(text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource({
    "PRI * HTTP/2.0~~SM~~, HTTP_2",
    "PRI * HTTP/2.0~~SM~, UNDECIDED",
    "P, UNDECIDED",
    "POST / HTTP/1.1~, HTTP_1",
    "POST / HTTP/1.1, UNDECIDED",
    "GET / HTTP/1.0~, HTTP_1",
    "GET / HTTP/2.0~, UNKNOWN",
    "GET /~, UNKNOWN",
    "x~, UNKNOWN",
    "'\u0016\u0003', UNDECIDED",
  })
  void aPortWithoutTlsLooksAtTheFirstLine(String text, FirstBytes expected) {
    assertEquals(expected, of(text, true));
  }

  @ParameterizedTest
  @CsvSource({"PRI * HTTP/2.0~~SM~~, HTTP_2", "PRI, UNDECIDED", "x, HTTP_1"})
  void behindTlsEverythingElseIsHttp1(String text, FirstBytes expected) {
    assertEquals(expected, of(text, false));
  }

  @Test
  void aPortThatAlsoSpeaksTlsKnowsItsRecords() {
    assertEquals(FirstBytes.TLS, FirstBytes.of(bytes("\u0016\u0003"), true, true));
    assertEquals(FirstBytes.HTTP_1, FirstBytes.of(bytes("GET / HTTP/1.1~"), true, true));
  }

  @Test
  void aFirstLineHasALimit() {
    String line = "GET /?" + "a".repeat(4096);
    assertEquals(FirstBytes.UNKNOWN, of(line, true));
    assertEquals(FirstBytes.HTTP_1, of(line, false));
  }
}
