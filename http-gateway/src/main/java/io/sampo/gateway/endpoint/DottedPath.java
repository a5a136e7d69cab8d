package io.sampo.gateway.endpoint;

import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * The path of a request as it came, if it has segments of dots: Pekko's URIs lose those, but Go's
 * mux answers them with a redirect.
 */
public final class DottedPath {
  private static final AttributeKey<String> KEY = AttributeKey.create("dotted-path", String.class);

  private DottedPath() {}

  public static HttpRequest attach(HttpRequest request, String path) {
    return request.addAttribute(KEY, path);
  }

  public static Optional<String> of(HttpRequest request) {
    return request.getAttribute(KEY);
  }
}
