package io.sampo.tests.sim.check;

import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TextFormat;

/** Messages in one line. */
final class Text {
  private Text() {}

  static String of(MessageOrBuilder message) {
    return "{" + TextFormat.printer().shortDebugString(message) + "}";
  }

  static String of(ReferenceVersion version) {
    return version == null
        ? "nothing"
        : (version.deleted() ? "the deletion " : "the put ") + of(version.kv());
  }
}
