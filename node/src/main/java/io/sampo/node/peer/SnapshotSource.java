package io.sampo.node.peer;

import io.sampo.protocol.raftpb.Message;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Gives the state that goes with a leader's MsgSnap. */
public interface SnapshotSource {
  /**
   * The state of the message's index or of a later one; must not be older than the receiver's own
   * membership change, or it would be ignored.
   *
   * @return fails if there is none; Raft will ask again
   */
  CompletionStage<Content> open(Message message);

  /**
   * What is sent.
   *
   * @param message with the metadata of what {@code database} holds
   * @param bytes of the database
   * @param database a bbolt file; must not pause for as long as five seconds, which is when etcd
   *     gives up. Runs once, on a dispatcher of its own choice
   */
  record Content(Message message, long bytes, Source<ByteString, NotUsed> database) {}
}
