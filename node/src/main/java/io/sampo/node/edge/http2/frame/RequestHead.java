package io.sampo.node.edge.http2.frame;

import java.util.List;

/**
 * The header fields of a request, or of its trailers. Requests of a connection that say the same
 * may share one head, so whatever is read out of it may be kept with it.
 */
public final class RequestHead {
  private final List<String> fields;
  private final String method;
  private final String scheme;
  private final String authority;
  private final String path;
  private final String malformed;
  private final boolean tooLarge;

  /** See {@link #kept}. */
  private Object kept;

  /**
   * @param fields names and values by turns, without pseudo-headers
   * @param malformed what is wrong with it, or null
   * @param tooLarge whether fields are missing because they are too many
   */
  RequestHead(
      List<String> fields,
      String method,
      String scheme,
      String authority,
      String path,
      String malformed,
      boolean tooLarge) {
    this.fields = fields;
    this.method = method;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.malformed = malformed;
    this.tooLarge = tooLarge;
  }

  /** A well-formed head. */
  public static RequestHead of(
      String method, String scheme, String authority, String path, List<String> fields) {
    return new RequestHead(fields, method, scheme, authority, path, null, false);
  }

  /** Empty if it is missing, as are the others. */
  public String method() {
    return method == null ? "" : method;
  }

  public String scheme() {
    return scheme == null ? "" : scheme;
  }

  public String authority() {
    return authority == null ? "" : authority;
  }

  public String path() {
    return path == null ? "" : path;
  }

  /** How many fields there are besides the pseudo-headers. */
  public int size() {
    return fields.size() / 2;
  }

  /** Lower case. */
  public String name(int index) {
    return fields.get(2 * index);
  }

  /** Its characters are the bytes of the value. */
  public String value(int index) {
    return fields.get(2 * index + 1);
  }

  public boolean hasPseudoHeaders() {
    return method != null || scheme != null || authority != null || path != null;
  }

  /** The first value of a field, or null. */
  public String get(String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equals(name)) {
        return fields.get(i + 1);
      }
    }
    return null;
  }

  /** Whether there is a field that belongs to HTTP/1.1's connections. */
  public boolean hasConnectionField() {
    return get("connection") != null;
  }

  public String malformed() {
    return malformed;
  }

  public boolean isTooLarge() {
    return tooLarge;
  }

  /** What somebody has read out of this head and kept with it, or null. */
  public Object kept() {
    return kept;
  }

  public void keep(Object value) {
    kept = value;
  }
}
