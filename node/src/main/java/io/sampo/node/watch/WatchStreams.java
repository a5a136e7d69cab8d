package io.sampo.node.watch;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** Opens the watch streams of the edge: each materialization of a flow is one session. */
public final class WatchStreams {
  private final WatchSource source;
  private final Function<Behavior<WatchSession.Command>, ActorRef<WatchSession.Command>> spawn;

  /**
   * @param spawn starts a session's actor, on any thread; it stops by itself when its stream ends
   */
  public WatchStreams(
      WatchSource source,
      Function<Behavior<WatchSession.Command>, ActorRef<WatchSession.Command>> spawn) {
    this.source = source;
    this.spawn = spawn;
  }

  /**
   * A stream of gRPC frames (five bytes of prefix, not compressed, then an encoded {@code
   * WatchResponse}); every element holds one or more whole frames. The end of the requests does not
   * end it; a failure or a cancellation on either side does.
   */
  public Flow<WatchRequest, ByteString, NotUsed> frames(WatchAuthorizer authorizer) {
    return Flow.fromGraph(
        new WatchStreamStage(
            (demand, stream) -> WatchSession.create(source, authorizer, demand, stream), spawn));
  }

  /** As {@link #frames}, without a stream of Pekko's. */
  public WatchStream open(WatchAuthorizer authorizer, WatchStream.Listener listener) {
    WatchDemand demand = new WatchDemand();
    return new WatchStream(
        spawn.apply(
            WatchSession.create(source, authorizer, demand, output -> tell(listener, output))),
        demand);
  }

  private static void tell(WatchStream.Listener listener, WatchOutput output) {
    if (output instanceof WatchOutput.Chunk chunk) {
      listener.onFrames(chunk.frames(), chunk.requestsTaken());
    } else if (output instanceof WatchOutput.RequestsTaken) {
      listener.onTaken();
    } else if (output instanceof WatchOutput.Ended ended) {
      listener.onEnded(ended.why());
    }
  }

  /** The same as messages, for those who need to look into them. */
  public Flow<WatchRequest, WatchResponse, NotUsed> responses(WatchAuthorizer authorizer) {
    return frames(authorizer).mapConcat(WatchStreams::parse);
  }

  /** Takes apart an element of {@link #frames}. */
  static List<WatchResponse> parse(ByteString frames) throws InvalidProtocolBufferException {
    ByteBuffer buffer = frames.asByteBuffer();
    List<WatchResponse> responses = new ArrayList<>();
    while (buffer.hasRemaining()) {
      int length = buffer.getInt(buffer.position() + 1);
      int start = buffer.position() + Frames.PREFIX_BYTES;
      responses.add(WatchResponse.parseFrom(buffer.slice(start, length)));
      buffer.position(start + length);
    }
    return responses;
  }
}
