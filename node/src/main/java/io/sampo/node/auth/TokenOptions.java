package io.sampo.node.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The value of {@code --auth-token}: {@code kind,name=value,name=value}.
 *
 * @param values in their order
 */
record TokenOptions(String kind, Map<String, String> values) {
  private static final Logger LOG = LoggerFactory.getLogger(TokenOptions.class);

  /** Names and values stand as they are, blanks included; none may hold a comma or {@code =}. */
  static TokenOptions parse(String text) throws TokenOptionsException {
    String[] words = text.split(",", -1);
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 1; i < words.length; i++) {
      String[] pair = words[i].split("=", -1);
      if (pair.length != 2) {
        LOG.atError().addKeyValue("option", text).log("invalid token option");
        throw new TokenOptionsException(TokenOptionsException.INVALID_OPTIONS);
      }
      if (values.put(pair[0], pair[1]) != null) {
        LOG.atError()
            .addKeyValue("option", text)
            .addKeyValue("duplicate-parameter", pair[0])
            .log("invalid token option");
        throw new TokenOptionsException(TokenOptionsException.INVALID_OPTIONS);
      }
    }
    return new TokenOptions(words[0], values);
  }
}
