package io.sampo.node.peer;

import io.sampo.protocol.raftpb.Message;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Takes the state that came with a leader's MsgSnap. */
public interface SnapshotReceiver {
  /**
   * A state that is kept until Raft has handled its message.
   *
   * @param bytes stored
   * @param onHandled to be run when Raft has handled the message: it has asked for the state by
   *     then or never will, and the state need not be kept any longer; may run on any thread
   */
  record Kept(long bytes, Runnable onHandled) {
    /** Of a state that takes no memory while it waits, or is not needed. */
    static Kept aside(long bytes) {
      return new Kept(bytes, () -> {});
    }
  }

  /**
   * Stores and checks a bbolt file. Only when this has succeeded does Raft hear of the message, and
   * then it may ask for the state at once.
   *
   * @param announcedBytes the length of the file, if its sender says it
   * @param database runs once; fails if the sender stops in the middle
   * @return the state that is kept; fails with the reason if they are no such state, and leaves
   *     nothing behind then
   */
  CompletionStage<Kept> receive(
      Message message, OptionalLong announcedBytes, Source<ByteString, NotUsed> database);
}
