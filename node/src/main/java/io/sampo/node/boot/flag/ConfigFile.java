package io.sampo.node.boot.flag;

import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.Level;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The file of {@code --config-file}: YAML, and so JSON, with flag names as keys and two sections
 * for TLS. Durations are whole nanoseconds, lists of URLs are comma-separated strings. Keys without
 * a value keep their default; keys that etcd does not read from a file are ignored as there, but
 * with a warning.
 */
public final class ConfigFile {
  private static final Set<String> NOT_IN_FILES =
      Set.of(
          "config-file",
          "version",
          "discovery-fallback",
          "raft-read-timeout",
          "raft-write-timeout",
          "socket-reuse-port",
          "socket-reuse-address");

  private ConfigFile() {}

  /**
   * Reads the file into {@code values}.
   *
   * @return what to log
   * @throws ConfigException if it cannot be read, is no YAML, or holds a value of a wrong type
   */
  public static List<Notice> apply(Path path, FlagValues values) throws ConfigException {
    List<Notice> notices = new ArrayList<>();
    for (Map.Entry<String, Object> entry : load(path).entrySet()) {
      String key = entry.getKey();
      switch (key) {
        case "client-transport-security" -> section(key, entry.getValue(), "", values, notices);
        case "peer-transport-security" -> section(key, entry.getValue(), "peer-", values, notices);
        case "discovery-config" -> nested(entry.getValue(), "discovery-config.", values);
        case "socket-options" -> nested(entry.getValue(), "socket-", values);
        default -> flag(key, entry.getValue(), values, notices);
      }
    }
    return notices;
  }

  private static Map<String, Object> load(Path path) throws ConfigException {
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new ConfigException(VERIFY, "open " + path + ": no such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new ConfigException(VERIFY, "open " + path + ": permission denied", e);
    } catch (IOException e) {
      throw new ConfigException(VERIFY, "read " + path + ": " + e.getMessage(), e);
    }
    Object root;
    try {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      String problem = "yaml: line " + line + ": " + e.getProblem();
      throw new ConfigException(VERIFY, "error converting YAML to JSON: " + problem, e);
    } catch (YAMLException e) {
      String problem = "yaml: " + e.getMessage().lines().findFirst().orElse("");
      throw new ConfigException(VERIFY, "error converting YAML to JSON: " + problem, e);
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    if (root instanceof Map<?, ?> map) {
      map.forEach((key, value) -> keys.put(String.valueOf(key), value));
    } else if (root != null) {
      throw new ConfigException(
          VERIFY,
          "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
              + FileValue.jsonType(root)
              + " into Go value of type embed.configYAML");
    }
    return keys;
  }

  private static void flag(String key, Object value, FlagValues values, List<Notice> notices)
      throws ConfigException {
    FlagSpec spec = values.table().get(key);
    boolean unread =
        spec == null
            || NOT_IN_FILES.contains(key)
            || spec.type() == FlagType.IGNORED
            || (spec.section().equals("Security") && !isTopLevel(key))
            || (key.startsWith("discovery-") && !key.startsWith("discovery-srv"));
    if (unread) {
      notices.add(unknown(key));
      return;
    }
    FileValue.set(values, spec, value, "Config." + key);
  }

  /** Settings of security that stand outside of the two sections. */
  private static boolean isTopLevel(String key) {
    return key.startsWith("tls-")
        || key.equals("cors")
        || key.equals("host-whitelist")
        || key.equals("cipher-suites")
        || key.equals("self-signed-cert-validity");
  }

  private static void section(
      String section, Object value, String prefix, FlagValues values, List<Notice> notices)
      throws ConfigException {
    if (value == null) {
      return;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new ConfigException(
          VERIFY,
          ("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s into Go struct field"
                  + " configYAML.configJSON.%s of type embed.securityConfig")
              .formatted(FileValue.jsonType(value), section));
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = String.valueOf(entry.getKey());
      FlagSpec spec = values.table().getForFile(securityFlag(prefix, key));
      if (spec == null) {
        notices.add(unknown(section + "." + key));
      } else {
        FileValue.set(values, spec, entry.getValue(), "configJSON." + section + "." + key);
      }
    }
  }

  private static String securityFlag(String prefix, String key) {
    String side = prefix.isEmpty() ? "client-" : prefix;
    String certificate = side + "cert-";
    return switch (key) {
      case "allowed-cn" -> certificate + "allowed-cn";
      case "allowed-hostname" -> certificate + "allowed-hostname";
      case "skip-client-san-verification", "crl-file" -> side + key;
      default -> prefix + key;
    };
  }

  private static void nested(Object value, String prefix, FlagValues values)
      throws ConfigException {
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String key = prefix + entry.getKey();
        FlagSpec spec = values.table().get(key);
        if (spec == null) {
          throw new ConfigException(
              VERIFY, "configuration key " + key + " is not supported by Sampo yet");
        }
        FileValue.set(values, spec, entry.getValue(), "Config." + key);
      }
    }
  }

  private static Notice unknown(String key) {
    return Notice.of(
        Level.WARN, "ignored a key that etcd does not read from a configuration file", "key", key);
  }
}
