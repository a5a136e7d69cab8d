package io.sampo.node.watch;

import org.apache.pekko.util.ByteString;

/** What a session tells its stream. */
sealed interface WatchOutput {

  /** Whole gRPC frames, one or more; the answer to one {@link WatchSession.Pull}. */
  record Chunk(ByteString frames) implements WatchOutput {}

  /** More requests may come. */
  record RequestsTaken() implements WatchOutput {}

  /** The session has stopped. */
  record Ended() implements WatchOutput {}
}
