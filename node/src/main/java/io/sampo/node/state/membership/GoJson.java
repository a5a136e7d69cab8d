package io.sampo.node.state.membership;

import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;

/**
 * JSON as Go's encoder writes it, so that a member writes the bytes that etcd would: Gson's form,
 * but with {@code <}, {@code >} and {@code &} escaped, and those alone of what could mislead HTML.
 */
final class GoJson {
  private GoJson() {}

  static byte[] bytes(JsonElement json) {
    // Outside of strings JSON has none of the three.
    return json.toString()
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .getBytes(StandardCharsets.UTF_8);
  }
}
