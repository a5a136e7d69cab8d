package io.sampo.node.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;

/** How many streams a connection of a client may have open. */
final class Http2Streams {
  /** Pekko HTTP wants a byte of the connection's receive buffer for each stream it allows. */
  private static final long MAX = 1_000_000;

  /** What etcd means by no limit: the largest number that HTTP/2 can say. */
  private static final long NO_LIMIT = 0xffff_ffffL;

  /**
   * Pekko HTTP gives every connection a table with 16 bytes for each stream it allows, used or not:
   * a million of them are 16 MB a connection. So the limit is a million only for those who ask.
   */
  private static final long USUAL = 8_192;

  private Http2Streams() {}

  /** Pekko's setting for what {@code --max-concurrent-streams} asks. */
  static Config settings(long asked) {
    return ConfigFactory.empty()
        .withValue(
            "pekko.http.server.http2.max-concurrent-streams",
            ConfigValueFactory.fromAnyRef(allowed(asked)));
  }

  /** The streams a connection may have open for what the flag asks; 0 is no limit to grpc-go. */
  static long allowed(long asked) {
    return asked == 0 || asked == NO_LIMIT ? USUAL : Math.min(MAX, asked);
  }
}
