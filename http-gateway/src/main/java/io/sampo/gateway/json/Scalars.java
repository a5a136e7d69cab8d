package io.sampo.gateway.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scalar values from JSON text, as leniently as protojson; empty where it would refuse them. */
final class Scalars {
  private static final Pattern NUMBER =
      Pattern.compile(
          "(-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?:[^-+._0-9A-Za-z].*)?");

  /**
   * Longer literals are refused: exact arithmetic on them would cost more than any client needs.
   */
  private static final int MAX_NUMBER_LENGTH = 100;

  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

  private Scalars() {}

  static boolean isUnsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, UINT64, FIXED32, FIXED64 -> true;
      default -> false;
    };
  }

  static Optional<Boolean> bool(String word) {
    return switch (word) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  static Optional<Integer> int32(String literal, boolean unsigned) {
    return integer(literal, 32, unsigned).map(BigInteger::intValue);
  }

  static Optional<Long> int64(String literal, boolean unsigned) {
    return integer(literal, 64, unsigned).map(BigInteger::longValue);
  }

  /** A whole number in any JSON spelling: 1, 1.0, 1e0, 100e-2 are the same. */
  private static Optional<BigInteger> integer(String literal, int bits, boolean unsigned) {
    Matcher matcher = NUMBER.matcher(literal);
    if (literal.length() > MAX_NUMBER_LENGTH
        || literal.strip().length() != literal.length()
        || !matcher.matches()
        || (unsigned && literal.startsWith("-"))) {
      return Optional.empty();
    }
    BigDecimal number;
    try {
      number = new BigDecimal(matcher.group(1)).stripTrailingZeros();
    } catch (NumberFormatException exponentBeyondInt) {
      return Optional.empty();
    }
    if (number.scale() > 0 || (long) number.precision() - number.scale() > 20) {
      return Optional.empty();
    }
    BigInteger whole = number.toBigIntegerExact();
    BigInteger limit = TWO_TO_64.shiftRight(unsigned ? 64 - bits : 65 - bits);
    boolean fits =
        whole.compareTo(limit) < 0
            && whole.compareTo(unsigned ? BigInteger.ZERO : limit.negate()) >= 0;
    return fits ? Optional.of(whole) : Optional.empty();
  }

  /**
   * Standard or URL-safe base64. As in protojson the length alone, line breaks included, says
   * whether padding must be there or must not.
   */
  static Optional<ByteString> bytes(String text) {
    boolean urlSafe = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    String digits = text.replace("\n", "").replace("\r", "");
    boolean padded = text.length() % 4 == 0;
    if (padded ? digits.length() % 4 != 0 : digits.indexOf('=') >= 0) {
      return Optional.empty();
    }
    Base64.Decoder decoder = urlSafe ? Base64.getUrlDecoder() : Base64.getDecoder();
    try {
      return Optional.of(UnsafeByteOperations.unsafeWrap(decoder.decode(digits)));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
