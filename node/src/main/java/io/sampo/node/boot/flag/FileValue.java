package io.sampo.node.boot.flag;

import static io.sampo.node.boot.flag.ConfigException.Report.PLAIN;
import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One value of a configuration file, held against the type that etcd's Go structs give its key. */
final class FileValue {
  private static final BigInteger MAX_UINT64 =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** Keys of etcd's second struct: strings there, whatever the flag is. */
  private static final Set<String> TEXT_KEYS =
      Set.of("listen-metrics-urls", "cors", "host-whitelist", "feature-gates");

  private FileValue() {}

  /** What Go's JSON decoder calls a value. */
  static String jsonType(Object value) {
    if (value instanceof String) {
      return "string";
    }
    if (value instanceof Number) {
      return "number";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    return value instanceof List ? "array" : value instanceof Map ? "object" : "string";
  }

  /** Sets the flag; null only marks it as given. */
  static void set(FlagValues values, FlagSpec spec, Object value, String field)
      throws ConfigException {
    if (value == null) {
      values.explicit().add(spec.name());
      return;
    }
    boolean isText = TEXT_KEYS.contains(spec.name());
    String goType = isText ? "string" : spec.type().goName();
    Object typed =
        switch (goType) {
          case "bool" -> value instanceof Boolean ? value : null;
          case "string" -> value instanceof String ? value : null;
          case "[]string" -> strings(value);
          default -> value instanceof Number number ? integer(spec, number, field) : null;
        };
    if (typed == null) {
      throw mismatch(jsonType(value), spec, field, goType);
    }
    if (typed instanceof String text) {
      setText(values, spec, text);
    } else {
      values.setValue(spec, typed);
    }
  }

  private static Object strings(Object value) {
    if (!(value instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      return null;
    }
    List<String> strings = new ArrayList<>();
    list.forEach(item -> strings.add((String) item));
    return List.copyOf(strings);
  }

  private static Object integer(FlagSpec spec, Number number, String field) throws ConfigException {
    String goType = spec.type().goName();
    boolean whole =
        number instanceof Integer || number instanceof Long || number instanceof BigInteger;
    if (whole) {
      BigInteger value = new BigInteger(number.toString());
      BigInteger max =
          switch (goType) {
            case "uint", "uint64" -> MAX_UINT64;
            case "uint32" -> BigInteger.valueOf(0xffff_ffffL);
            default -> BigInteger.valueOf(Long.MAX_VALUE);
          };
      BigInteger min =
          goType.startsWith("uint") ? BigInteger.ZERO : BigInteger.valueOf(Long.MIN_VALUE);
      if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
        return value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
      }
    }
    throw mismatch("number " + number, spec, field, goType);
  }

  private static ConfigException mismatch(
      String given, FlagSpec spec, String field, String goType) {
    boolean second = spec.type() == FlagType.URLS || TEXT_KEYS.contains(spec.name());
    String path =
        second && !spec.name().equals("listen-metrics-urls") ? "configJSON." + spec.name() : field;
    return new ConfigException(
        VERIFY,
        ("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s into Go struct field"
                + " configYAML.%s of type %s")
            .formatted(given, path, goType));
  }

  private static void setText(FlagValues values, FlagSpec spec, String text)
      throws ConfigException {
    boolean unchecked =
        spec.type() == FlagType.STATE
            || spec.type() == FlagType.V2_STAGE
            || spec.type() == FlagType.STRING;
    if (unchecked) {
      values.setValue(spec, spec.type() == FlagType.STATE && text.isEmpty() ? "new" : text);
      return;
    }
    if (text.isEmpty()) {
      values.explicit().add(spec.name());
      return;
    }
    try {
      values.set(spec, text);
    } catch (SyntaxException e) {
      if (spec.type() == FlagType.URLS) {
        String message = "unexpected error setting up " + spec.name() + ": " + e.getMessage();
        throw new ConfigException(PLAIN, message, e);
      }
      throw new ConfigException(VERIFY, e.getMessage(), e);
    }
  }
}
