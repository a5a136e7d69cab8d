package io.sampo.gateway.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class JsonValuesTest {
  @Provide
  Arbitrary<String> value() {
    return Arbitraries.of(
        "{}", "[]", "{\"a\":[1,{\"}\":\"]\\\"\"}]}", "\"é\\u00e9\"", "null", "true", "false");
  }

  @Provide
  Arbitrary<String> gap() {
    return Arbitraries.of("", " ", "\n\t", "\r\n  ");
  }

  @Property
  void valuesAreTheSameInWhateverPiecesTheyCome(
      @ForAll @Size(max = 8) List<@net.jqwik.api.From("value") String> sent,
      @ForAll("gap") String gap,
      @ForAll @IntRange(min = 1, max = 40) int pieceBytes)
      throws JsonSyntaxException {
    byte[] stream = (gap + String.join(gap, sent) + gap).getBytes(UTF_8);
    JsonValues values = new JsonValues();
    List<String> received = new ArrayList<>();
    for (int from = 0; from < stream.length; from += pieceBytes) {
      values.append(Arrays.copyOfRange(stream, from, Math.min(stream.length, from + pieceBytes)));
      for (Optional<byte[]> next = values.next(); next.isPresent(); next = values.next()) {
        received.add(new String(next.get(), UTF_8));
      }
      assertTrue(values.pendingBytes() <= 40);
    }
    assertEquals(Optional.empty(), values.last());
    assertEquals(sent, received);
  }

  @Test
  void aNumberEndsWithTheStream() throws JsonSyntaxException {
    JsonValues values = new JsonValues();
    values.append(" 12".getBytes(UTF_8));
    assertEquals(Optional.empty(), values.next());
    assertEquals("12", new String(values.last().orElseThrow(), UTF_8));
  }

  @Test
  void depthIsBounded() {
    JsonValues values = new JsonValues();
    values.append("[".repeat(10_001).getBytes(UTF_8));
    assertEquals(
        "invalid character '[' exceeded max depth",
        assertThrows(JsonSyntaxException.class, values::next).getMessage());
  }
}
