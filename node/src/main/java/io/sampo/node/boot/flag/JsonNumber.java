package io.sampo.node.boot.flag;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number of a configuration file in the digits that Go writes into JSON. Whether it is whole is a
 * question to these digits: {@code 8e9} is {@code 8000000000}.
 */
record JsonNumber(String text) {
  private static final double LEAST_PLAIN = 1e-6;
  private static final double FIRST_WITH_EXPONENT = 1e21;

  static JsonNumber of(BigInteger value) {
    return new JsonNumber(value.toString());
  }

  /** Finite numbers only. */
  static JsonNumber of(double value) {
    if (value == 0) {
      return new JsonNumber(1 / value < 0 ? "-0" : "0");
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= LEAST_PLAIN && size < FIRST_WITH_EXPONENT) {
      return new JsonNumber(decimal.toPlainString());
    }
    String digits = decimal.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - decimal.scale();
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    return new JsonNumber(
        (value < 0 ? "-" : "")
            + digits.charAt(0)
            + fraction
            + "e"
            + (exponent < 0 ? "" : "+")
            + exponent);
  }

  /** Whether these are the digits of an integer, as Go's {@code strconv.ParseInt} wants them. */
  boolean isWhole() {
    return text.matches("-?[0-9]+");
  }

  /** The integer, if {@link #isWhole}. */
  BigInteger toBigInteger() {
    return new BigInteger(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
