package io.sampo.node.edge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ~} stands for a line's end. */
class RefusedRequestTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true | FOO~~",
        "true | FOO~~GET / HTTP/1.1~",
        "true | GET / HTTP/1.1~a b: c~~",
        "true | POST / HTTP/1.1~Content-Length: 0~~",
        "true | POST / HTTP/1.1~content-length: 3~~abc",
        "true | POST / HTTP/1.1~Content-Length:3 ~Host: a~~abcGET",
        "false | FOO",
        "false | FOO~",
        "false | POST / HTTP/1.1~Content-Length: 3~~ab",
        "false | POST / HTTP/1.1~Content-Length: 12345678901~~abc",
        "false | POST / HTTP/1.1~Content-Length: x~~",
        "false | POST / HTTP/1.1~Transfer-Encoding: chunked~~0~~",
      })
  void isWholeIfNothingMoreIsToCome(boolean whole, String text) {
    assertEquals(whole, RefusedRequest.isWhole(text.replace("~", "\r\n")));
    assertEquals(whole, RefusedRequest.isWhole(text.replace("~", "\n")));
  }
}
