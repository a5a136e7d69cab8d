package io.sampo.node.edge.http2.frame;

import java.util.ArrayList;
import java.util.List;

/** The header fields of an answer, or its trailers. */
public final class ResponseHead {
  /** How an answer of gRPC begins. */
  public static final ResponseHead GRPC = of(":status", "200", "content-type", "application/grpc");

  /** How an answer of gRPC ends well. */
  public static final ResponseHead GRPC_OK = of("grpc-status", "0");

  private final List<String> fields;

  private ResponseHead(List<String> fields) {
    this.fields = fields;
  }

  /**
   * @param fields names in lower case and values by turns, pseudo-headers first; each character is
   *     sent as one byte
   */
  public static ResponseHead of(String... fields) {
    return new ResponseHead(List.of(fields));
  }

  /** This and more fields behind. */
  public ResponseHead with(String... more) {
    List<String> all = new ArrayList<>(fields);
    all.addAll(List.of(more));
    return new ResponseHead(List.copyOf(all));
  }

  List<String> fields() {
    return fields;
  }

  /** The value of a field, or null. */
  public String get(String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equals(name)) {
        return fields.get(i + 1);
      }
    }
    return null;
  }
}
