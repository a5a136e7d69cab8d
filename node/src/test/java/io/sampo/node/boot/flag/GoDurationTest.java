package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.logging.DurationText;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0s",
    "5s, 5000000000, 5s",
    "1h2m3s, 3723000000000, 1h2m3s",
    "300ms, 300000000, 300ms",
    "-1.5h, -5400000000000, -1h30m0s",
    "1.5us, 1500, 1.5\u00b5s",
    "1\u00b5s, 1000, 1\u00b5s",
    "+100ns, 100, 100ns",
    ".5s, 500000000, 500ms",
    "61.5s, 61500000000, 1m1.5s",
    "90m, 5400000000000, 1h30m0s"
  })
  void textsAreTakenAndGivenAsGoDoes(String text, long nanos, String shown) throws SyntaxException {
    assertEquals(nanos, GoDuration.parseNanos(text));
    assertEquals(shown, DurationText.format(nanos));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          abc|time: invalid duration "abc"
          5|time: missing unit in duration "5"
          5x|time: unknown unit "x" in duration "5x"
          1.2.3s|time: invalid duration "1.2.3s"
          -|time: invalid duration "-"
          ''|time: invalid duration ""
          9999999h|time: invalid duration "9999999h"
          """)
  void otherTextsAreRefusedAsGoDoes(String text, String message) {
    SyntaxException refusal =
        assertThrows(SyntaxException.class, () -> GoDuration.parseNanos(text));
    assertEquals(message, refusal.getMessage());
  }

  @Property
  void whatIsShownIsTakenAgain(@ForAll long nanos) throws SyntaxException {
    assertEquals(nanos, GoDuration.parseNanos(DurationText.format(nanos)));
  }
}
