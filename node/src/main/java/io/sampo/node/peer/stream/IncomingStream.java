package io.sampo.node.peer.stream;

import io.sampo.node.failpoint.Failpoint;
import io.sampo.node.peer.wire.FrameDecoder;
import io.sampo.node.peer.wire.FrameException;
import io.sampo.protocol.raftpb.Message;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Reads a stream that we have dialled. When too much of what it handed over waits to be handled it
 * stops reading, so that the peer notices; the first thing that is no frame ends the stream.
 */
public final class IncomingStream extends GraphStage<SinkShape<ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("peer.frames");
  private final SinkShape<ByteString> shape = SinkShape.of(in);
  private final FrameDecoder decoder;
  private final StreamLimits limits;
  private final MessageSink messages;
  private final StreamListener listener;

  public IncomingStream(
      FrameDecoder decoder, StreamLimits limits, MessageSink messages, StreamListener listener) {
    this.decoder = decoder;
    this.limits = limits;
    this.messages = messages;
    this.listener = listener;
  }

  @Override
  public SinkShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private AsyncCallback<Done> resume;
    private int unhandledMessages;
    private long unhandledBytes;
    private boolean waiting;
    private boolean finished;
    private String reason = "";

    Logic() {
      super(shape);
      setHandler(in, new Input());
    }

    @Override
    public void preStart() {
      resume = createAsyncCallback(done -> onHandled());
      pull(in);
    }

    private void accept(Message message) {
      if (Failpoint.RAFT_DROP_HEARTBEAT.skips()) {
        return;
      }
      unhandledMessages++;
      messages.accept(message);
    }

    private void pullWithinBounds() {
      boolean full =
          unhandledMessages >= limits.unhandledMessages()
              || unhandledBytes >= limits.unhandledBytes();
      if (!full) {
        pull(in);
      } else if (!waiting) {
        waiting = true;
        messages.handled().thenRun(() -> resume.invoke(Done.getInstance()));
      }
    }

    private void onHandled() {
      waiting = false;
      unhandledMessages = 0;
      unhandledBytes = 0;
      if (!finished && !isClosed(in)) {
        pull(in);
      }
    }

    @Override
    public void postStop() {
      listener.ended(reason, 0);
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(in);
        listener.moved(bytes.size());
        unhandledBytes += bytes.size();
        try {
          decoder.feed(bytes, Logic.this::accept);
          if (messages.isHopeless()) {
            end("too many messages that were refused");
          } else {
            pullWithinBounds();
          }
        } catch (FrameException e) {
          end(e.getMessage());
        }
      }

      private void end(String why) {
        finished = true;
        reason = why;
        cancel(in);
        completeStage();
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        reason = String.valueOf(failure.getMessage());
        completeStage();
      }
    }
  }
}
