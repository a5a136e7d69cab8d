package io.sampo.node.server;

import io.sampo.node.edge.grpc.FrameStream;
import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.watch.WatchStream;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/** A Watch call: the edge's view of a stream and the session's, joined. */
final class WatchCall implements FrameStream, WatchStream.Listener {
  private final Output output;
  private final CompletableFuture<?> settled;
  private final WatchStream stream;

  /** Set by the session's thread, taken by the connection's. */
  private volatile boolean taken;

  /**
   * @param settled when it is known who calls, which the first request has to wait for
   */
  WatchCall(
      Function<WatchStream.Listener, WatchStream> streams,
      CompletableFuture<?> settled,
      Output output) {
    this.output = output;
    this.settled = settled;
    this.stream = streams.apply(this);
    if (!settled.isDone()) {
      settled.whenComplete((done, late) -> output.ready());
    }
  }

  @Override
  public boolean wantsMessages() {
    if (taken) {
      taken = false;
      stream.onRequestsTaken();
    }
    return settled.isDone() && stream.hasRoom();
  }

  @Override
  public void onMessage(byte[] message) {
    stream.add(GrpcMethod.parseStreamed(WatchRequest.parser(), message));
  }

  @Override
  public void pull() {
    stream.pull();
  }

  @Override
  public void close() {
    stream.close();
  }

  @Override
  public void onFrames(ByteString frames, boolean requestsTaken) {
    if (requestsTaken) {
      taken = true;
    }
    output.send(frames);
  }

  @Override
  public void onTaken() {
    taken = true;
    output.ready();
  }

  @Override
  public void onEnded(EtcdException why) {
    output.fail(why);
  }
}
