package io.sampo.gateway.endpoint;

import java.util.ArrayDeque;
import java.util.Deque;

/** Paths as Go's {@code ServeMux} wants them: it sends clients there that ask otherwise. */
public final class CleanPath {
  private CleanPath() {}

  /** The path without empty, {@code .} and {@code ..} segments; a slash at the end stays. */
  static String of(String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String clean = "/" + String.join("/", segments);
    return path.endsWith("/") && !segments.isEmpty() ? clean + "/" : clean;
  }

  /**
   * The same for a request's target, a path with what query there is.
   *
   * @return the target itself if its path has no such segments
   */
  public static String ofTarget(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (!path.contains("//") && !path.contains("/.")) {
      return target;
    }
    return query < 0 ? of(path) : of(path) + target.substring(query);
  }
}
