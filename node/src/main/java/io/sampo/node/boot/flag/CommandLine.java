package io.sampo.node.boot.flag;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.List;

/**
 * The command line in the syntax of Go's {@code flag} package: {@code -name=x}, {@code --name=x},
 * {@code --name x}, switches without a value, {@code --} as the end. The first word that is no flag
 * ends the flags.
 */
public final class CommandLine {
  private CommandLine() {}

  /** A command line that no node can be started from; the message is Go's. */
  public static final class BadCommandLineException extends Exception {
    BadCommandLineException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * What was there beside flags.
   *
   * @param help {@code -h}, {@code -help} or {@code --help} was there; nothing behind it was read
   * @param rest the words behind the last flag
   */
  public record Outcome(boolean help, List<String> rest) {}

  /**
   * Reads the flags into {@code values}; of several equal ones the last counts.
   *
   * @throws BadCommandLineException with the one line that Go prints
   */
  public static Outcome parse(List<String> arguments, FlagValues values)
      throws BadCommandLineException {
    int at = 0;
    while (at < arguments.size()) {
      String word = arguments.get(at);
      if (word.length() < 2 || word.charAt(0) != '-') {
        break;
      }
      at++;
      if (word.equals("--")) {
        break;
      }
      String body = word.substring(word.startsWith("--") ? 2 : 1);
      if (body.isEmpty() || body.charAt(0) == '-' || body.charAt(0) == '=') {
        throw bad("bad flag syntax: " + word, null);
      }
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      FlagSpec spec = values.table().get(name);
      if (spec == null) {
        if (name.equals("help") || name.equals("h")) {
          return new Outcome(true, List.of());
        }
        throw bad("flag provided but not defined: -" + name, null);
      }
      String value = equals < 0 ? null : body.substring(equals + 1);
      if (value == null && spec.isBool()) {
        value = "true";
      } else if (value == null && at < arguments.size()) {
        value = arguments.get(at++);
      } else if (value == null) {
        throw bad("flag needs an argument: -" + name, null);
      }
      set(values, spec, value);
    }
    return new Outcome(false, List.copyOf(arguments.subList(at, arguments.size())));
  }

  private static void set(FlagValues values, FlagSpec spec, String value)
      throws BadCommandLineException {
    try {
      values.set(spec, value);
    } catch (SyntaxException e) {
      String pattern =
          spec.type() == FlagType.BOOL
              ? "invalid boolean value %s for -%s: %s"
              : "invalid value %s for flag -%s: %s";
      throw bad(pattern.formatted(quote(value), spec.name(), e.getMessage()), e);
    }
  }

  private static BadCommandLineException bad(String message, Throwable cause) {
    return new BadCommandLineException(message, cause);
  }
}
