package io.sampo.node.edge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldAnswersTest {
  private static final HttpResponse OLD =
      HttpResponse.create().withProtocol(HttpProtocols.HTTP_1_0);

  private final OldAnswers answers = new OldAnswers();

  private String written(String bytes) {
    String sent = bytes.replace("~", "\r\n");
    return answers.written(ByteString.fromString(sent)).utf8String().replace("\r\n", "~");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.0 200 OK~Connection: Keep-Alive~A: b~~x, HTTP/1.0 200 OK~Connection: keep-alive~A:"
        + " b~~x",
    "HTTP/1.0 200 OK~A: b~Connection: close~~, HTTP/1.0 200 OK~A: b~~",
    "HTTP/1.0 200 OK~A: b~~~Connection: close~, HTTP/1.0 200 OK~A: b~~~Connection: close~",
    "HTTP/1.0 200 OK~~, HTTP/1.0 200 OK~~"
  })
  void aHeadIsWrittenInGoWordsAndABodyAsItIs(String byPekko, String expected) {
    answers.given(OLD);
    assertEquals(expected, written(byPekko));
  }

  /** What comes before it is another's: an answer of HTTP/1.1, or its body. */
  @Test
  void onlyTheHeadOfAnAnswerThatIsDueIsTouched() {
    String head = "HTTP/1.0 200 OK~Connection: close~~";
    assertEquals(head, written(head));
    answers.given(HttpResponse.create());
    assertEquals(head, written(head));
    answers.given(OLD);
    answers.given(HttpResponse.create());
    assertEquals(
        "HTTP/1.1 200 OK~Connection: close~~", written("HTTP/1.1 200 OK~Connection: close~~"));
    assertEquals("HTTP/1.0 200 OK~~", written(head));
    assertEquals(head, written(head));
  }
}
