package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a flag's text may be, what value it becomes, and what Go calls the type where a
 * configuration file breaks it.
 */
public enum FlagType {
  /** A {@link String}. */
  STRING("string", text -> text),
  /** A {@link Boolean}. */
  BOOL("bool", GoSyntax::parseBool),
  /** A {@link Long} without sign; what is above the signed range is cut to its end. */
  UINT("uint", text -> clamped(GoSyntax.parseUnsigned(text, 64))),
  /** Like {@link #UINT}. */
  UINT64("uint64", text -> clamped(GoSyntax.parseUnsigned(text, 64))),
  /** A {@link Long} of 32 bits without sign. */
  UINT32("uint32", FlagType::parseUint32),
  /** A {@link Long}. */
  INT("int", GoSyntax::parseInt64),
  /** A {@link Long}. */
  INT64("int64", GoSyntax::parseInt64),
  /** A {@link Long} of nanoseconds. */
  DURATION("time.Duration", FlagType::parseDuration),
  /** A sorted list of {@link EtcdUrl}. */
  URLS("string", EtcdUrl::parseList),
  /** A sorted list of origins, or {@code *}. */
  ORIGINS("string", FlagType::parseOrigins),
  /** A sorted list of different strings. */
  UNIQUE_STRINGS("[]string", text -> List.copyOf(new TreeSet<>(split(text)))),
  /** A list of strings in their order. */
  STRINGS("[]string", text -> List.copyOf(split(text))),
  /** {@code new} or {@code existing}. */
  STATE("string", text -> oneOf(text, Set.of("new", "existing"))),
  /** {@code exit} or {@code proxy}. */
  FALLBACK("string", text -> oneOf(text, Set.of("exit", "proxy"))),
  /** A comma-separated list of v2 deprecation stages. */
  V2_STAGE("config.V2DeprecationEnum", FlagType::parseStages),
  /** A {@link FeatureGates}; values add up. */
  FEATURE_GATES("string", text -> FeatureGates.DEFAULTS.with(text)),
  /** Anything, thrown away. */
  IGNORED("string", text -> "");

  private interface Parser {
    Object parse(String text) throws SyntaxException;
  }

  private static final Set<String> V2_STAGES =
      Set.of("write-only", "write-only-skip-check", "write-only-drop-data", "gone");

  private final String goName;
  private final Parser parser;

  FlagType(String goName, Parser parser) {
    this.goName = goName;
    this.parser = parser;
  }

  /** The type in the words of Go's JSON decoder. */
  public String goName() {
    return goName;
  }

  /**
   * The value of a text, of the class that the constant's comment names.
   *
   * @throws SyntaxException with etcd's reason
   */
  public Object parse(String text) throws SyntaxException {
    return parser.parse(text);
  }

  /** The value that an absent default stands for. */
  Object empty() {
    return switch (this) {
      case URLS, ORIGINS, UNIQUE_STRINGS, STRINGS -> List.of();
      case FEATURE_GATES -> FeatureGates.DEFAULTS;
      case BOOL -> false;
      case UINT, UINT64, UINT32, INT, INT64, DURATION -> 0L;
      default -> "";
    };
  }

  private static List<String> split(String text) {
    return List.of(text.split(",", -1));
  }

  private static long clamped(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  private static Object parseUint32(String text) throws SyntaxException {
    try {
      return GoSyntax.parseUnsigned(text, 32);
    } catch (SyntaxException e) {
      String reason = e.isRange() ? "value out of range" : "invalid syntax";
      throw new SyntaxException(
          "strconv.ParseUint: parsing " + GoSyntax.quote(text) + ": " + reason);
    }
  }

  private static Object parseDuration(String text) throws SyntaxException {
    try {
      return GoDuration.parseNanos(text);
    } catch (SyntaxException e) {
      // Go's flag package hides the reason, and etcd's users know the short text.
      SyntaxException shorter = new SyntaxException("parse error");
      shorter.initCause(e);
      throw shorter;
    }
  }

  private static Object parseOrigins(String text) throws SyntaxException {
    return text.equals("*")
        ? List.of("*")
        : EtcdUrl.parseList(text).stream().map(EtcdUrl::text).toList();
  }

  private static Object oneOf(String text, Set<String> allowed) throws SyntaxException {
    if (!allowed.contains(text)) {
      throw new SyntaxException("invalid value");
    }
    return text;
  }

  private static Object parseStages(String text) throws SyntaxException {
    for (String stage : split(text)) {
      if (!V2_STAGES.contains(stage)) {
        throw new SyntaxException("invalid value " + GoSyntax.quote(stage));
      }
    }
    return text;
  }
}
