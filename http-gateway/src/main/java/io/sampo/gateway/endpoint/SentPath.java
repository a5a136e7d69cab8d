package io.sampo.gateway.endpoint;

import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * The path of a request as it came, where Pekko's URIs cannot hold it but Go's mux has an answer to
 * it: one with segments of dots, none at all (as in {@code GET http://host}), or {@code *}, which
 * is the server itself.
 */
public final class SentPath {
  /** The path of a request for the server itself. */
  public static final String SERVER = "*";

  private static final AttributeKey<String> KEY = AttributeKey.create("sent-path", String.class);

  private SentPath() {}

  public static HttpRequest attach(HttpRequest request, String path) {
    return request.addAttribute(KEY, path);
  }

  /** Empty if the request's URI has it. */
  public static Optional<String> of(HttpRequest request) {
    return request.getAttribute(KEY);
  }
}
