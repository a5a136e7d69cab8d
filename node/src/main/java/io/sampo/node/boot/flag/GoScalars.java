package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a scalar of YAML is for Go's yaml.v2: {@code yes} is true, {@code 0x10} and {@code 1_6} are
 * 16, {@code 1e5} is a number, {@code 1:30} and {@code 2001-01-01} are texts.
 */
final class GoScalars {
  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern NOT_FINITE =
      Pattern.compile("\\.nan|\\.NaN|\\.NAN|[-+]?(\\.inf|\\.Inf|\\.INF)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final String LONG_TAG = "tag:yaml.org,2002:";

  private GoScalars() {}

  /** The value of a scalar without quotes and tag. */
  static Object plain(String text) throws SyntaxException {
    if (NULL.contains(text)) {
      return null;
    }
    if (TRUE.contains(text) || FALSE.contains(text)) {
      return TRUE.contains(text);
    }
    if (NOT_FINITE.matcher(text).matches()) {
      throw GoYaml.conversion("json: unsupported value: " + notFinite(text));
    }
    Object number = number(text);
    return number == null ? text : number;
  }

  /**
   * The value of a scalar with this tag.
   *
   * @throws SyntaxException if the text is no value of the tag
   */
  static Object tagged(String tag, String text) throws SyntaxException {
    String type = tag.startsWith(LONG_TAG) ? tag.substring(LONG_TAG.length()) : "";
    return switch (type) {
      case "int", "float", "bool", "null" -> checked(type, text);
      case "binary" -> binary(text);
      default -> text;
    };
  }

  private static Object checked(String type, String text) throws SyntaxException {
    Object value = plain(text);
    String actual = typeOf(value);
    if (actual.equals("int") && type.equals("float")) {
      return JsonNumber.of(Double.parseDouble(value.toString()));
    }
    if (!actual.equals(type)) {
      throw GoYaml.conversion(
          "yaml: cannot decode !!%s `%s` as a !!%s"
              .formatted(actual.equals("int") && isFloat(text) ? "float" : actual, text, type));
    }
    if (type.equals("int") && isFloat(text)) {
      throw GoYaml.conversion("yaml: cannot decode !!float `%s` as a !!int".formatted(text));
    }
    return value;
  }

  private static String typeOf(Object value) {
    if (value == null) {
      return "null";
    }
    return value instanceof Boolean ? "bool" : value instanceof JsonNumber ? "int" : "str";
  }

  private static boolean isFloat(String text) {
    return integer(text.replace("_", "")) == null;
  }

  private static String binary(String text) throws SyntaxException {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(text);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      SyntaxException named =
          GoYaml.conversion("yaml: !!binary value contains invalid base64 data");
      named.initCause(e);
      throw named;
    }
  }

  private static JsonNumber number(String text) {
    char first = text.charAt(0);
    if (first == '.') {
      return floating(text);
    }
    if (first != '+' && first != '-' && (first < '0' || first > '9')) {
      return null;
    }
    String plain = text.replace("_", "");
    BigInteger integer = integer(plain);
    return integer == null ? floating(plain) : JsonNumber.of(integer);
  }

  /** Signed up to 63 bits, without sign up to 64; null if it is none. */
  private static BigInteger integer(String text) {
    try {
      return BigInteger.valueOf(GoSyntax.parseInt64(text));
    } catch (SyntaxException notSigned) {
      try {
        return new BigInteger(Long.toUnsignedString(GoSyntax.parseUnsigned(text, 64)));
      } catch (SyntaxException e) {
        return null;
      }
    }
  }

  /** Null if it is none, or above every float. */
  private static JsonNumber floating(String text) {
    if (!FLOAT.matcher(text).matches()) {
      return null;
    }
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? null : JsonNumber.of(value);
  }

  private static String notFinite(String text) {
    return text.toLowerCase(java.util.Locale.ROOT).endsWith("nan")
        ? "NaN"
        : text.startsWith("-") ? "-Inf" : "+Inf";
  }
}
