package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EtcdUrlTest {

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:2379, http, 127.0.0.1, 2379, 127.0.0.1:2379",
    "https://[::1]:99, https, ::1, 99, [::1]:99",
    "http://name:, http, name, '', name:",
    "http://:1, http, '', 1, :1",
    "unix:///run/x.sock, unix, /run/x.sock, '', /run/x.sock",
    "HTTP://a:1?q=1, http, a, 1, a:1"
  })
  void partsAreThoseOfGo(String text, String scheme, String host, String port, String address)
      throws SyntaxException {
    EtcdUrl url = EtcdUrl.parse(text);
    assertEquals(scheme, url.scheme());
    assertEquals(host, url.host());
    assertEquals(port, url.port());
    assertEquals(address, url.address());
  }

  @Test
  void listsAreSortedAndWithoutRepetition() throws SyntaxException {
    assertEquals(
        "[http://a:1, http://b:1]",
        EtcdUrl.parseList("http://b:1, http://a:1,http://b:1").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          :2379|parse ":2379": missing protocol scheme
          127.0.0.1:2379|parse "127.0.0.1:2379": first path segment in URL cannot contain colon
          http://a:b|parse "http://a:b": invalid port ":b" after host
          http://a b:1|parse "http://a b:1": invalid character " " in host name
          http://[::1:1|parse "http://[::1:1": missing ']' in host
          http://::1:1|parse "http://::1:1": invalid port "::1:1" after host
          http://a:1/|URL must not contain a path: http://a:1/
          http:a:1|URL address does not have the form "host:port": http:a:1
          ''|'URL scheme must be http, https, unix, or unixs: '
          """)
  void mistakesAreExplainedInGosWords(String text, String message) {
    assertEquals(
        message, assertThrows(SyntaxException.class, () -> EtcdUrl.parse(text)).getMessage());
  }
}
