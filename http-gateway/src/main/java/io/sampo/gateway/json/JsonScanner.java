package io.sampo.gateway.json;

import java.util.BitSet;

/**
 * Finds where one JSON value ends, byte by byte, so that values can be cut out of a stream that
 * arrives in pieces. Accepts and refuses what Go's encoding/json does, with its error texts.
 */
final class JsonScanner {
  /** What a byte meant for the value being scanned. */
  enum Step {
    /** The value goes on. */
    MORE,
    /** This byte is the last of the value. */
    ENDS_HERE,
    /** The value ended before this byte, which belongs to what follows. */
    ENDED_BEFORE
  }

  private enum State {
    BEGIN_VALUE,
    BEGIN_VALUE_OR_CLOSE,
    BEGIN_KEY,
    BEGIN_KEY_OR_CLOSE,
    AFTER_KEY,
    AFTER_VALUE,
    IN_STRING,
    IN_ESCAPE,
    IN_HEX,
    NUMBER_SIGN,
    NUMBER_ZERO,
    NUMBER_DIGITS,
    NUMBER_POINT,
    NUMBER_FRACTION,
    NUMBER_EXPONENT,
    NUMBER_EXPONENT_SIGN,
    NUMBER_EXPONENT_DIGITS,
    IN_LITERAL
  }

  /** encoding/json's own limit. */
  private static final int MAX_DEPTH = 10_000;

  private State state = State.BEGIN_VALUE;

  /** One bit for each open container: set for an object. */
  private final BitSet objects = new BitSet();

  private int depth;
  private boolean stringIsKey;
  private int hexDigits;
  private String literal = "";
  private int literalPosition;
  private boolean started;

  /** Whether a byte of the value (other than white space before it) was seen. */
  boolean started() {
    return started;
  }

  /** Whether the end of the input here would complete the value: only a bare number can do that. */
  boolean completeAtEnd() {
    return started && depth == 0 && endsNumber();
  }

  void reset() {
    state = State.BEGIN_VALUE;
    objects.clear();
    depth = 0;
    started = false;
  }

  Step next(int symbol) throws JsonSyntaxException {
    switch (state) {
      case IN_STRING:
        return inString(symbol);
      case IN_ESCAPE:
        return inEscape(symbol);
      case IN_HEX:
        return inHex(symbol);
      case IN_LITERAL:
        return inLiteral(symbol);
      case BEGIN_VALUE, BEGIN_VALUE_OR_CLOSE, BEGIN_KEY, BEGIN_KEY_OR_CLOSE, AFTER_KEY, AFTER_VALUE:
        return isSpace(symbol) ? Step.MORE : betweenTokens(symbol);
      default:
        return inNumber(symbol);
    }
  }

  private Step betweenTokens(int symbol) throws JsonSyntaxException {
    switch (state) {
      case BEGIN_VALUE_OR_CLOSE:
        return symbol == ']' ? closeContainer() : beginValue(symbol);
      case BEGIN_KEY_OR_CLOSE:
        return symbol == '}' ? closeContainer() : beginKey(symbol);
      case BEGIN_KEY:
        return beginKey(symbol);
      case AFTER_KEY:
        if (symbol != ':') {
          throw invalid(symbol, "after object key");
        }
        state = State.BEGIN_VALUE;
        return Step.MORE;
      case AFTER_VALUE:
        return afterValue(symbol);
      default:
        return beginValue(symbol);
    }
  }

  private Step beginKey(int symbol) throws JsonSyntaxException {
    if (symbol != '"') {
      throw invalid(symbol, "looking for beginning of object key string");
    }
    stringIsKey = true;
    state = State.IN_STRING;
    return Step.MORE;
  }

  private Step beginValue(int symbol) throws JsonSyntaxException {
    started = true;
    switch (symbol) {
      case '{' -> open(true);
      case '[' -> open(false);
      case '"' -> {
        stringIsKey = false;
        state = State.IN_STRING;
      }
      case '-' -> state = State.NUMBER_SIGN;
      case '0' -> state = State.NUMBER_ZERO;
      case 't' -> beginLiteral("true");
      case 'f' -> beginLiteral("false");
      case 'n' -> beginLiteral("null");
      default -> {
        if (!isDigit(symbol)) {
          throw invalid(symbol, "looking for beginning of value");
        }
        state = State.NUMBER_DIGITS;
      }
    }
    return Step.MORE;
  }

  private void beginLiteral(String word) {
    literal = word;
    literalPosition = 1;
    state = State.IN_LITERAL;
  }

  private void open(boolean object) throws JsonSyntaxException {
    if (depth == MAX_DEPTH) {
      throw invalid(object ? '{' : '[', "exceeded max depth");
    }
    objects.set(depth++, object);
    state = object ? State.BEGIN_KEY_OR_CLOSE : State.BEGIN_VALUE_OR_CLOSE;
  }

  private Step closeContainer() {
    depth--;
    return endValue();
  }

  private Step endValue() {
    state = State.AFTER_VALUE;
    return depth == 0 ? Step.ENDS_HERE : Step.MORE;
  }

  private Step afterValue(int symbol) throws JsonSyntaxException {
    if (depth == 0) {
      return Step.ENDED_BEFORE;
    }
    boolean object = objects.get(depth - 1);
    if (symbol == ',') {
      state = object ? State.BEGIN_KEY : State.BEGIN_VALUE;
      return Step.MORE;
    }
    if (symbol == (object ? '}' : ']')) {
      return closeContainer();
    }
    throw invalid(symbol, object ? "after object key:value pair" : "after array element");
  }

  private Step inString(int symbol) throws JsonSyntaxException {
    if (symbol == '"') {
      if (stringIsKey) {
        state = State.AFTER_KEY;
        return Step.MORE;
      }
      return endValue();
    }
    if (symbol == '\\') {
      state = State.IN_ESCAPE;
    } else if (symbol < 0x20) {
      throw invalid(symbol, "in string literal");
    }
    return Step.MORE;
  }

  private Step inEscape(int symbol) throws JsonSyntaxException {
    if (symbol == 'u') {
      hexDigits = 0;
      state = State.IN_HEX;
    } else if ("bfnrt\\/\"".indexOf(symbol) >= 0) {
      state = State.IN_STRING;
    } else {
      throw invalid(symbol, "in string escape code");
    }
    return Step.MORE;
  }

  private Step inHex(int symbol) throws JsonSyntaxException {
    if (Character.digit(symbol, 16) < 0) {
      throw invalid(symbol, "in \\u hexadecimal character escape");
    }
    if (++hexDigits == 4) {
      state = State.IN_STRING;
    }
    return Step.MORE;
  }

  private Step inLiteral(int symbol) throws JsonSyntaxException {
    char expected = literal.charAt(literalPosition);
    if (symbol != expected) {
      throw invalid(symbol, "in literal " + literal + " (expecting '" + expected + "')");
    }
    return ++literalPosition == literal.length() ? endValue() : Step.MORE;
  }

  private Step inNumber(int symbol) throws JsonSyntaxException {
    State following = numberState(symbol);
    if (following != null) {
      state = following;
      return Step.MORE;
    }
    if (endsNumber()) {
      state = State.AFTER_VALUE;
      return isSpace(symbol) && depth > 0 ? Step.MORE : afterValue(symbol);
    }
    throw invalid(
        symbol,
        switch (state) {
          case NUMBER_SIGN -> "in numeric literal";
          case NUMBER_POINT -> "after decimal point in numeric literal";
          default -> "in exponent of numeric literal";
        });
  }

  /** The state that the symbol leads to if it goes on with the number, else null. */
  private State numberState(int symbol) {
    boolean digit = isDigit(symbol);
    boolean exponent = symbol == 'e' || symbol == 'E';
    return switch (state) {
      case NUMBER_SIGN -> symbol == '0' ? State.NUMBER_ZERO : digit ? State.NUMBER_DIGITS : null;
      case NUMBER_ZERO ->
          symbol == '.' ? State.NUMBER_POINT : exponent ? State.NUMBER_EXPONENT : null;
      case NUMBER_DIGITS ->
          digit
              ? State.NUMBER_DIGITS
              : symbol == '.' ? State.NUMBER_POINT : exponent ? State.NUMBER_EXPONENT : null;
      case NUMBER_POINT -> digit ? State.NUMBER_FRACTION : null;
      case NUMBER_FRACTION ->
          digit ? State.NUMBER_FRACTION : exponent ? State.NUMBER_EXPONENT : null;
      case NUMBER_EXPONENT ->
          symbol == '+' || symbol == '-'
              ? State.NUMBER_EXPONENT_SIGN
              : digit ? State.NUMBER_EXPONENT_DIGITS : null;
      default -> digit ? State.NUMBER_EXPONENT_DIGITS : null;
    };
  }

  private boolean endsNumber() {
    return state == State.NUMBER_ZERO
        || state == State.NUMBER_DIGITS
        || state == State.NUMBER_FRACTION
        || state == State.NUMBER_EXPONENT_DIGITS;
  }

  private static boolean isDigit(int symbol) {
    return symbol >= '0' && symbol <= '9';
  }

  static boolean isSpace(int symbol) {
    return symbol == ' ' || symbol == '\n' || symbol == '\t' || symbol == '\r';
  }

  private static JsonSyntaxException invalid(int symbol, String context) {
    return new JsonSyntaxException("invalid character " + GoQuote.symbol(symbol) + " " + context);
  }
}
