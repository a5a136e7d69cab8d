package io.sampo.node.boot.flag;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * Something to log about the configuration, kept as a value until the log is set up as the
 * configuration wants it.
 *
 * @param fields in the order of the log line
 */
public record Notice(Level level, String message, Map<String, Object> fields) {

  /** A notice with up to any number of fields, given as name, value, name, value. */
  public static Notice of(Level level, String message, Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Notice(level, message, fields);
  }
}
