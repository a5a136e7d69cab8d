package io.sampo.node.watch;

import io.sampo.protocol.error.EtcdException;
import org.apache.pekko.util.ByteString;

/** What a session tells its stream. */
sealed interface WatchOutput {

  /**
   * Whole gRPC frames, one or more; what {@link WatchDemand} asked for.
   *
   * @param requestsTaken more requests may come, as {@link RequestsTaken} says
   */
  record Chunk(ByteString frames, boolean requestsTaken) implements WatchOutput {}

  /** More requests may come. */
  record RequestsTaken() implements WatchOutput {}

  /**
   * The session has stopped.
   *
   * @param why for the client: an INTERNAL error if the session has failed
   */
  record Ended(EtcdException why) implements WatchOutput {}
}
