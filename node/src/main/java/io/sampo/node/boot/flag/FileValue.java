package io.sampo.node.boot.flag;

import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One value of a configuration file, held against the type that etcd's Go structs give its key. */
final class FileValue {
  private static final BigInteger MAX_UINT64 =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final BigInteger MAX_UINT32 = BigInteger.valueOf(0xffff_ffffL);
  private static final BigInteger MAX_INT64 = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger MIN_INT64 = BigInteger.valueOf(Long.MIN_VALUE);

  private FileValue() {}

  /**
   * A field as Go names it in an error.
   *
   * @param struct the innermost struct; empty for the whole document
   * @param path from the outermost struct
   */
  record Field(String struct, String path) {
    /** What Go's JSON decoder says of a value of another type. */
    ConfigException mismatch(String given, String goType) {
      String where = struct.isEmpty() ? "Go value" : "Go struct field " + struct + "." + path;
      return new ConfigException(
          VERIFY,
          "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s into %s of type %s"
              .formatted(given, where, goType));
    }
  }

  /** What Go's JSON decoder calls a value. */
  static String jsonType(Object value) {
    if (value instanceof String) {
      return "string";
    }
    if (value instanceof JsonNumber) {
      return "number";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    return value instanceof Map ? "object" : "array";
  }

  /** The value, which must be a string. */
  static String text(Field field, Object value) throws ConfigException {
    if (value instanceof String text) {
      return text;
    }
    throw field.mismatch(jsonType(value), "string");
  }

  /**
   * Sets the flag.
   *
   * @param value not null
   */
  static void set(FlagValues values, FlagSpec spec, Field field, Object value)
      throws ConfigException {
    String goType = spec.type().goName();
    Object typed =
        switch (spec.type()) {
          case BOOL -> value instanceof Boolean ? value : null;
          case UNIQUE_STRINGS, STRINGS ->
              value instanceof List<?> list ? strings(values, spec, field, list) : null;
          case UINT, UINT64, UINT32, INT, INT64, DURATION ->
              value instanceof JsonNumber number ? integer(field, goType, number) : null;
          default -> value instanceof String ? value : null;
        };
    if (typed == null) {
      throw field.mismatch(jsonType(value), goType);
    }
    values.setValue(spec, typed);
  }

  /** Null leaves what stands at its place in the default, or nothing. */
  private static List<String> strings(FlagValues values, FlagSpec spec, Field field, List<?> list)
      throws ConfigException {
    List<String> defaults = values.strings(spec.name());
    List<String> strings = new ArrayList<>();
    for (Object item : list) {
      if (item == null) {
        int index = strings.size();
        strings.add(index < defaults.size() ? defaults.get(index) : "");
      } else {
        strings.add(text(field, item));
      }
    }
    return List.copyOf(strings);
  }

  private static Long integer(Field field, String goType, JsonNumber number)
      throws ConfigException {
    BigInteger max =
        switch (goType) {
          case "uint", "uint64" -> MAX_UINT64;
          case "uint32" -> MAX_UINT32;
          default -> MAX_INT64;
        };
    boolean unsigned = goType.startsWith("uint");
    BigInteger min = unsigned ? BigInteger.ZERO : MIN_INT64;
    boolean fits =
        number.isWhole()
            && !(unsigned && number.text().startsWith("-"))
            && number.toBigInteger().compareTo(min) >= 0
            && number.toBigInteger().compareTo(max) <= 0;
    if (!fits) {
      throw field.mismatch("number " + number, goType);
    }
    return number.toBigInteger().min(MAX_INT64).longValue();
  }
}
