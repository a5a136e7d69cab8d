package io.sampo.gateway.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A cursor over the bytes of one JSON value that {@link JsonValues} found well formed. What a
 * scanner cannot see is checked here: UTF-8 and surrogate pairs, with protojson's error texts.
 */
final class JsonText {
  private final byte[] bytes;
  private int position;

  JsonText(byte[] bytes) {
    this.bytes = bytes;
  }

  int position() {
    return position;
  }

  /** The next byte that is not white space, not consumed; 0 at the end. */
  int peek() {
    while (position < bytes.length && JsonScanner.isSpace(bytes[position])) {
      position++;
    }
    return position < bytes.length ? bytes[position] & 0xff : 0;
  }

  /** Consumes the next byte if it is the given one. */
  boolean take(char symbol) {
    if (peek() != symbol) {
      return false;
    }
    position++;
    return true;
  }

  /** Consumes a string and gives its text without quotes and escapes. */
  String string() throws JsonSyntaxException {
    peek();
    int from = position++;
    StringBuilder text = new StringBuilder();
    int plain = position;
    while (bytes[position] != '"') {
      if (bytes[position] == '\\') {
        text.append(utf8(plain, position, from));
        escape(text, from);
        plain = position;
      } else {
        position++;
      }
    }
    text.append(utf8(plain, position, from));
    position++;
    return text.toString();
  }

  private String utf8(int from, int to, int stringStart) throws JsonSyntaxException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw syntaxError(stringStart, "invalid UTF-8 in string");
    }
  }

  private void escape(StringBuilder text, int stringStart) throws JsonSyntaxException {
    char kind = (char) bytes[position + 1];
    if (kind != 'u') {
      position += 2;
      int simple = "bfnrt".indexOf(kind);
      text.append(simple < 0 ? kind : "\b\f\n\r\t".charAt(simple));
      return;
    }
    char unit = hex(position + 2);
    position += 6;
    text.append(unit);
    if (Character.isSurrogate(unit)) {
      text.append(lowSurrogate(unit, stringStart));
    }
  }

  private char lowSurrogate(char high, int stringStart) throws JsonSyntaxException {
    if (position + 6 > bytes.length) {
      throw new JsonSyntaxException("proto: unexpected EOF");
    }
    if (bytes[position] == '\\' && bytes[position + 1] == 'u') {
      char low = hex(position + 2);
      if (Character.isSurrogatePair(high, low)) {
        position += 6;
        return low;
      }
    }
    String code = GoQuote.text(Arrays.copyOfRange(bytes, position, position + 6));
    throw syntaxError(stringStart, "invalid escape code " + code + " in string");
  }

  private char hex(int at) {
    return (char) Integer.parseInt(new String(bytes, at, 4, StandardCharsets.US_ASCII), 16);
  }

  /** Consumes a number, true, false or null and gives its characters. */
  String bareWord() {
    peek();
    int from = position;
    while (position < bytes.length && ",]} \t\r\n".indexOf(bytes[position]) < 0) {
      position++;
    }
    return new String(bytes, from, position - from, StandardCharsets.US_ASCII);
  }

  /** Consumes a whole value of any kind, checking the strings in it. */
  void skipValue() throws JsonSyntaxException {
    int depth = 0;
    do {
      int symbol = peek();
      if (symbol == '"') {
        string();
      } else if (symbol == '{' || symbol == '[') {
        depth++;
        position++;
      } else if (symbol == '}' || symbol == ']') {
        depth--;
        position++;
      } else if (symbol == ',' || symbol == ':') {
        position++;
      } else {
        bareWord();
      }
    } while (depth > 0);
  }

  /** The token at a position as it stands in the text: a bracket, a word, or a quoted string. */
  String token(int at) throws JsonSyntaxException {
    int before = position;
    position = at;
    int symbol = peek();
    if (symbol == '{' || symbol == '[') {
      position++;
    } else if (symbol == '"') {
      string();
    } else {
      bareWord();
    }
    String token = new String(bytes, at, position - at, StandardCharsets.UTF_8);
    position = before;
    return token;
  }

  JsonSyntaxException syntaxError(int at, String text) {
    return new JsonSyntaxException("proto: syntax error " + place(at) + ": " + text);
  }

  JsonSyntaxException error(int at, String text) {
    return new JsonSyntaxException("proto: " + place(at) + ": " + text);
  }

  JsonSyntaxException unexpectedToken(int at) throws JsonSyntaxException {
    return syntaxError(at, "unexpected token " + token(at));
  }

  /** Line and column from 1; a column is a character, not a byte. */
  private String place(int at) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      if (bytes[i] == '\n') {
        line++;
        column = 1;
      } else if ((bytes[i] & 0xc0) != 0x80) {
        column++;
      }
    }
    return "(line " + line + ":" + column + ")";
  }
}
