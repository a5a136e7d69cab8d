package io.sampo.node.logging;

import java.lang.reflect.Array;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/**
 * Writes JSON values the way zap does: compact for log files, with blanks for people.
 *
 * <p>All other JSON of a node is Gson's. This cannot be: Gson has no form with blanks, escapes two
 * line separators that zap leaves alone, has short escapes for backspace and form feed where zap
 * has none, and lets halves of surrogate pairs through, which would not be UTF-8. A line is also
 * written without garbage beside its own characters.
 */
final class JsonLine {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out;
  private final String comma;
  private final String colon;

  JsonLine(StringBuilder out, boolean spaced) {
    this.out = out;
    this.comma = spaced ? ", " : ",";
    this.colon = spaced ? ": " : ":";
  }

  /** A member of an object, with a comma in front unless it is the first. */
  void field(boolean first, String name, Object value) {
    if (!first) {
      out.append(comma);
    }
    string(name);
    out.append(colon);
    value(value);
  }

  private void value(Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Double || value instanceof Float) {
      floating(((Number) value).doubleValue());
    } else if (value instanceof Number) {
      out.append(value);
    } else if (value instanceof Duration duration) {
      string(DurationText.format(duration.toNanos()));
    } else if (value instanceof Throwable thrown) {
      string(String.valueOf(thrown));
    } else if (value instanceof Map<?, ?> map) {
      object(map);
    } else if (value instanceof Collection<?> list) {
      array(list);
    } else if (value.getClass().isArray()) {
      array(value);
    } else {
      string(value.toString());
    }
  }

  /** JSON has no word for what is not a number: a string then, as in zap. */
  private void floating(double value) {
    if (Double.isFinite(value)) {
      out.append(value);
    } else {
      string(Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
    }
  }

  private void object(Map<?, ?> map) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      field(first, String.valueOf(entry.getKey()), entry.getValue());
      first = false;
    }
    out.append('}');
  }

  private void array(Collection<?> items) {
    out.append('[');
    boolean first = true;
    for (Object item : items) {
      out.append(first ? "" : comma);
      value(item);
      first = false;
    }
    out.append(']');
  }

  private void array(Object array) {
    out.append('[');
    for (int i = 0; i < Array.getLength(array); i++) {
      out.append(i == 0 ? "" : comma);
      value(Array.get(array, i));
    }
    out.append(']');
  }

  void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else if (isLoneSurrogate(text, i)) {
            out.append("\\ufffd");
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isLoneSurrogate(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }
}
