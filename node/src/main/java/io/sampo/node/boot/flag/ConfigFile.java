package io.sampo.node.boot.flag;

import static io.sampo.node.boot.flag.ConfigException.Report.PLAIN;
import static io.sampo.node.boot.flag.ConfigException.Report.VERIFY;

import io.sampo.node.boot.flag.FileKeys.Target;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * The file of {@code --config-file}: YAML, and so JSON, with flag names as keys and sections for
 * TLS, sockets and discovery. It is read as etcd reads it: YAML becomes JSON ({@link GoYaml}), and
 * that becomes the fields of Go structs, whatever the case of a key. Durations are whole
 * nanoseconds, lists of URLs are comma-separated strings. Keys without a value keep their default;
 * keys that etcd does not read from a file are ignored as there, but with a warning.
 */
public final class ConfigFile {
  /** Texts that etcd looks at when all types are right, in its order. */
  private static final List<String> READ_LATER =
      List.of(
          "feature-gates",
          "listen-peer-urls",
          "listen-client-urls",
          "listen-client-http-urls",
          "initial-advertise-peer-urls",
          "advertise-client-urls",
          "listen-metrics-urls",
          "cors",
          "host-whitelist");

  private final FlagValues values;
  private final List<Notice> notices = new ArrayList<>();
  private final Map<String, String> readLater = new HashMap<>();

  private ConfigFile(FlagValues values) {
    this.values = values;
  }

  /**
   * Reads the file into {@code values}.
   *
   * @return what to log
   * @throws ConfigException if it cannot be read, is no YAML, or holds a value of a wrong type
   */
  public static List<Notice> apply(Path path, FlagValues values) throws ConfigException {
    Object document;
    try {
      document = GoYaml.toJson(load(path));
    } catch (SyntaxException e) {
      throw new ConfigException(VERIFY, e.getMessage(), e);
    }
    ConfigFile file = new ConfigFile(values);
    file.read(FileKeys.root(), "", document);
    file.readTexts(document);
    return file.notices;
  }

  private static byte[] load(Path path) throws ConfigException {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new ConfigException(VERIFY, "open " + path + ": no such file or directory", e);
    } catch (AccessDeniedException e) {
      throw new ConfigException(VERIFY, "open " + path + ": permission denied", e);
    } catch (IOException e) {
      throw new ConfigException(VERIFY, "read " + path + ": " + e.getMessage(), e);
    }
  }

  private void read(Target.Section section, String path, Object value) throws ConfigException {
    if (value == null) {
      return;
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new FileValue.Field(section.field().isEmpty() ? "" : "configYAML", section.field())
          .mismatch(FileValue.jsonType(value), section.type());
    }
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = (String) entry.getKey();
      Target target = FileKeys.find(section, key);
      if (target == null) {
        notices.add(unknown(path + key));
      } else if (target instanceof Target.Section inner) {
        read(inner, path + key + ".", entry.getValue());
      } else {
        Target.Value leaf = (Target.Value) target;
        set(leaf.spec(), new FileValue.Field(section.struct(), leaf.field()), entry.getValue());
      }
    }
  }

  private void set(FlagSpec spec, FileValue.Field field, Object value) throws ConfigException {
    values.explicit().add(spec.name());
    if (value == null) {
      return;
    }
    if (READ_LATER.contains(spec.name())) {
      readLater.put(spec.name(), FileValue.text(field, value));
    } else {
      FileValue.set(values, spec, field, value);
    }
  }

  private void readTexts(Object document) throws ConfigException {
    for (String flag : READ_LATER) {
      String text = readLater.getOrDefault(flag, "");
      if (!text.isEmpty()) {
        readText(values.table().get(flag), text);
      }
      if (flag.equals("feature-gates")) {
        requirePeerSection(document);
      }
    }
    if (values.string("initial-cluster-state").isEmpty()) {
      values.override("initial-cluster-state", "new");
    }
    if (values.number("self-signed-cert-validity") == 0) {
      values.override("self-signed-cert-validity", 1L);
    }
  }

  /** etcd reads this one a second time, and then null is wrong. */
  private static void requirePeerSection(Object document) throws ConfigException {
    boolean isNull =
        document instanceof Map<?, ?> keys
            && keys.containsKey(FileKeys.PEER)
            && keys.get(FileKeys.PEER) == null;
    if (isNull) {
      throw new ConfigException(VERIFY, "invalid peer-transport-security");
    }
  }

  private void readText(FlagSpec spec, String text) throws ConfigException {
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

  private static Notice unknown(String key) {
    return Notice.of(
        Level.WARN, "ignored a key that etcd does not read from a configuration file", "key", key);
  }
}
