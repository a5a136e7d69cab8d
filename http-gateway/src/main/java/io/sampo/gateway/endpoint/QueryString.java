package io.sampo.gateway.endpoint;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** The parameters of a URL; as in Go a pair that cannot be decoded is left out, not refused. */
final class QueryString {
  private final Map<String, List<String>> values = new HashMap<>();

  private QueryString() {}

  static QueryString of(HttpRequest request) {
    QueryString query = new QueryString();
    for (String pair : request.getUri().rawQueryString().orElse("").split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (pair.isEmpty() || pair.indexOf(';') >= 0) {
        continue;
      }
      try {
        String decoded = URLDecoder.decode(value, StandardCharsets.UTF_8);
        query
            .values
            .computeIfAbsent(
                URLDecoder.decode(name, StandardCharsets.UTF_8), missing -> new ArrayList<>())
            .add(decoded);
      } catch (IllegalArgumentException undecodable) {
        continue;
      }
    }
    return query;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** The first value, or the empty string. */
  String first(String name) {
    return has(name) ? values.get(name).get(0) : "";
  }
}
