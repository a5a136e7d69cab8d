package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.event.Level;

/**
 * {@code ETCD_*} variables as flags. As in etcd 3.7.1 (and unlike its documentation), a variable
 * whose flag is given too stops the start.
 */
public final class Environment {
  private static final String PREFIX = "ETCD_";

  private Environment() {}

  /**
   * Reads the variables into {@code values}.
   *
   * @return what to log, in etcd's words
   * @throws ConfigException for a value its flag does not take (the alphabetically last of
   *     several), or a conflict
   */
  public static List<Notice> apply(Map<String, String> environment, FlagValues values)
      throws ConfigException {
    List<Notice> notices = new ArrayList<>();
    Map<String, String> variables = new TreeMap<>(environment);
    String version = variables.remove("ETCD_VERSION");
    if (version != null && !version.isEmpty()) {
      notices.add(
          Notice.of(
              Level.WARN,
              "cannot set special environment variable",
              "key",
              "ETCD_VERSION",
              "value",
              version));
    }
    Set<String> shadowed = new HashSet<>();
    values.explicit().forEach(name -> shadowed.add(values.table().get(name).environmentVariable()));
    Set<String> used = new HashSet<>();
    ConfigException failure = setFlags(variables, values, shadowed, used, notices);
    checkOthers(variables, shadowed, used, notices);
    if (failure != null) {
      throw failure;
    }
    return notices;
  }

  private static ConfigException setFlags(
      Map<String, String> variables,
      FlagValues values,
      Set<String> shadowed,
      Set<String> used,
      List<Notice> notices) {
    ConfigException failure = null;
    Map<String, FlagSpec> byName = new TreeMap<>();
    values.table().all().forEach(spec -> byName.put(spec.name(), spec));
    for (FlagSpec spec : byName.values()) {
      String variable = spec.environmentVariable();
      String value = variables.getOrDefault(variable, "");
      if (value.isEmpty() || shadowed.contains(variable)) {
        continue;
      }
      used.add(variable);
      try {
        values.set(spec, value);
        notices.add(
            Notice.of(
                Level.INFO,
                "recognized and used environment variable",
                "variable-name",
                variable,
                "variable-value",
                value));
      } catch (SyntaxException e) {
        failure =
            new ConfigException(
                ConfigException.Report.VERIFY,
                "invalid value %s for %s: %s"
                    .formatted(GoSyntax.quote(value), variable, e.getMessage()),
                e);
      }
    }
    return failure;
  }

  private static void checkOthers(
      Map<String, String> variables, Set<String> shadowed, Set<String> used, List<Notice> notices)
      throws ConfigException {
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      String name = variable.getKey();
      if (used.contains(name)) {
        continue;
      }
      if (shadowed.contains(name)) {
        throw new ConfigException(
            ConfigException.Report.PLAIN,
            "conflicting environment variable is shadowed by corresponding command-line flag (either unset"
                + " environment variable or disable flag)): "
                + name);
      }
      if (name.startsWith(PREFIX)) {
        notices.add(
            Notice.of(
                Level.WARN,
                "unrecognized environment variable",
                "environment-variable",
                name + "=" + variable.getValue()));
      }
    }
  }
}
