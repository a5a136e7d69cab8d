package io.sampo.node.edge.http2;

import java.util.ArrayDeque;

/** Paths as Go's {@code ServeMux} wants them: it sends clients there that ask otherwise. */
final class CleanPath {
  private CleanPath() {}

  /** The path without empty segments and dots, its query behind it. */
  static String of(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (!path.contains("//") && !path.contains("/.")) {
      return target;
    }
    ArrayDeque<String> segments = new ArrayDeque<>();
    for (String segment : path.split("/")) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    String clean = "/" + String.join("/", segments);
    if (path.endsWith("/") && clean.length() > 1) {
      clean += "/";
    }
    return query < 0 ? clean : clean + target.substring(query);
  }
}
