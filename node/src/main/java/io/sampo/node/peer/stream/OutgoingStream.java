package io.sampo.node.peer.stream;

import io.sampo.node.peer.wire.FrameBuffer;
import io.sampo.node.peer.wire.FrameEncoder;
import io.sampo.node.peer.wire.StreamKind;
import io.sampo.protocol.raftpb.Message;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The stream that a peer has dialled: takes messages from any thread and gives them as fast as the
 * peer reads, all that wait in one piece. A frame is encoded when it is written, never before,
 * because its form depends on the frame before it. Good for one materialization.
 */
public final class OutgoingStream extends GraphStage<SourceShape<ByteString>> {
  private final Outlet<ByteString> out = Outlet.create("peer.frames");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final StreamKind kind;
  private final StreamLimits limits;
  private final StreamListener listener;

  private final ConcurrentLinkedQueue<Message> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queuedMessages = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** The stage has demand and nothing to give; whoever turns this off must wake it. */
  private final AtomicBoolean asleep = new AtomicBoolean();

  private volatile AsyncCallback<Done> wake;
  private volatile AsyncCallback<Done> end;
  private volatile boolean closed;

  public OutgoingStream(StreamKind kind, StreamLimits limits, StreamListener listener) {
    this.kind = kind;
    this.limits = limits;
    this.listener = listener;
  }

  /** Returns false if the message was not taken: the stream is closed, or too much waits. */
  public boolean offer(Message message) {
    if (closed) {
      return false;
    }
    long bytes = message.getSerializedSize();
    boolean first = queuedMessages.getAndIncrement() == 0;
    boolean fits = queuedBytes.addAndGet(bytes) <= limits.queuedBytes() || first;
    if (!fits || queuedMessages.get() > limits.queuedMessages()) {
      release(bytes);
      return false;
    }
    queue.add(message);
    if (asleep.compareAndSet(true, false)) {
      wake.invoke(Done.getInstance());
    }
    return true;
  }

  /** Ends the stream; what waits is lost. */
  public void close() {
    closed = true;
    AsyncCallback<Done> callback = end;
    if (callback != null) {
      callback.invoke(Done.getInstance());
    }
  }

  private void release(long bytes) {
    queuedMessages.decrementAndGet();
    queuedBytes.addAndGet(-bytes);
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private static final String TIMER = "link-heartbeat";

    private final FrameEncoder encoder = kind.encoder();
    private final FrameBuffer buffer = new FrameBuffer();
    private final long ticksUntilTimeout =
        Math.max(1, limits.writeTimeout().dividedBy(limits.linkHeartbeat()));
    private boolean heartbeatDue;
    private long ticksWithoutDemand;
    private String reason = "";

    Logic() {
      super(shape);
      setHandler(out, new Output());
    }

    @Override
    public void preStart() {
      wake = createAsyncCallback(done -> send());
      end = createAsyncCallback(done -> completeStage());
      scheduleAtFixedRate(TIMER, limits.linkHeartbeat(), limits.linkHeartbeat());
      if (closed) {
        completeStage();
      }
    }

    @Override
    public void onTimer(Object timer) {
      heartbeatDue = true;
      if (isAvailable(out)) {
        asleep.set(false);
        send();
      } else if (++ticksWithoutDemand >= ticksUntilTimeout) {
        reason = "the peer takes nothing";
        failStage(new IllegalStateException(reason));
      }
    }

    /** Called with demand, or late, after the demand was met. */
    private void send() {
      if (!isAvailable(out)) {
        return;
      }
      collect();
      while (buffer.size() == 0) {
        asleep.set(true);
        if (queue.isEmpty() || !asleep.compareAndSet(true, false)) {
          return;
        }
        collect();
      }
      ByteString frames = buffer.take();
      listener.moved(frames.size());
      push(out, frames);
    }

    private void collect() {
      if (heartbeatDue) {
        heartbeatDue = false;
        encoder.linkHeartbeat(buffer);
      }
      Message message = queue.poll();
      while (message != null) {
        encoder.encode(message, buffer);
        release(message.getSerializedSize());
        message = buffer.size() < limits.writeBytes() ? queue.poll() : null;
      }
    }

    @Override
    public void postStop() {
      closed = true;
      listener.ended(reason, queuedMessages.get());
    }

    private final class Output extends AbstractOutHandler {
      @Override
      public void onPull() {
        ticksWithoutDemand = 0;
        send();
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        reason = "the connection is closed";
        completeStage();
      }
    }
  }
}
