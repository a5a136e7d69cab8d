package io.sampo.node.edge.http2;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.http2.frame.ConnectionError;
import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.FrameReader;
import io.sampo.node.edge.http2.frame.FrameWriter;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection, the server's side: bytes of the client in, preface first, bytes for it
 * out. Everything that one turn makes leaves together. What is not read by the client is not added
 * to for ever: while too much waits, nothing more is taken from it.
 */
public final class Http2Connection extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

  /** Above this nothing more is read from the client. */
  private static final int MAX_UNSENT_BYTES = 1 << 16;

  /** How long the client's last bytes are still read, so that it gets to see why we closed. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** How long a client may take to notice that it is asked to go. */
  private static final Duration NOTICE = Duration.ofSeconds(5);

  private final Inlet<ByteString> in = Inlet.create("http2.in");
  private final Outlet<ByteString> out = Outlet.create("http2.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Http2Settings settings;
  private final RequestHandler handler;
  private final ConnectionDrain drain;
  private final SocketAddress remote;
  private final LongSupplier nanoTime;
  private final AnswerMemory memory;

  /**
   * @param drain ends this connection with the others of its listener
   * @param memory for answers that the client does not read
   * @param remote who has opened it
   * @param nanoTime a clock that never goes back
   */
  public Http2Connection(
      Http2Settings settings,
      RequestHandler handler,
      ConnectionDrain drain,
      SocketAddress remote,
      AnswerMemory memory,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.handler = handler;
    this.drain = drain;
    this.remote = remote;
    this.memory = memory;
    this.nanoTime = nanoTime;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private record Task(Http2Stream stream, Runnable work) {}

  private final class Logic extends StreamTurns implements ConnectionDrain.Connection {
    private final FrameWriter writer = new FrameWriter();
    private final Streams streams = new Streams();
    private final KeepAlive keepAlive = new KeepAlive(settings.keepAlive(), nanoTime.getAsLong());
    private final FloodGuard floods = new FloodGuard(nanoTime.getAsLong());
    private final Outflow outflow = new Outflow(writer, keepAlive, floods);
    private final Inflow inflow = new Inflow(writer, settings.streamWindow());
    private final AnswerMemory.Share share = memory.share(this::onStalled);
    private final CallStarts starts = new CallStarts(share);
    private final Requests requests =
        new Requests(
            settings, handler, writer, streams, outflow, inflow, floods, this, starts, nanoTime);
    private final ControlFrames control =
        new ControlFrames(writer, streams, outflow, floods, keepAlive, requests);
    private final FrameHandler frames =
        new FrameHandler(streams, outflow, inflow, requests, floods, control);
    private final FrameReader reader = new FrameReader(frames, settings.maxFrameBytes());
    private final HeadClock heads = new HeadClock(this, settings.head(), reader, frames);
    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable keepAliveLook = this::lookForLife;
    private final Runnable lingered = this::completeStage;
    private final Runnable noticed = requests::acceptNoMore;
    private AsyncCallback<Done> wake;
    private AsyncCallback<Boolean> ending;
    private AsyncCallback<Done> stalled;
    private boolean draining;

    /** GOAWAY is written: nothing that comes is looked at any more. */
    private boolean closing;

    Logic() {
      super(shape);
      setHandler(in, new Received());
      setHandler(out, new Sent());
    }

    @Override
    public SocketAddress remote() {
      return remote;
    }

    @Override
    public void preStart() {
      wake = createAsyncCallback(done -> turn(this::runTasks));
      ending = createAsyncCallback(kill -> turn(kill ? this::cutOff : this::askToGo));
      stalled = createAsyncCallback(done -> turn(this::giveWay));
      drain.add(this);
      control.begin(settings);
      after(Duration.ofNanos(keepAlive.firstLookNanos()), keepAliveLook);
      pull(in);
    }

    @Override
    public void postStop() {
      requests.cancelAll();
      share.close();
      drain.remove(this);
    }

    /** On any thread. */
    private void onStalled() {
      stalled.invoke(Done.getInstance());
    }

    private void giveWay() {
      throw ConnectionError.calm("answers_not_read");
    }

    /** Everything happens in here; what it makes leaves at its end. */
    @Override
    void turn(Runnable work) {
      try {
        work.run();
      } catch (ConnectionError e) {
        close(e);
      }
      flush();
    }

    private void read(byte[] bytes) {
      reader.read(bytes);
      heads.onRead();
    }

    private void close(ConnectionError error) {
      if (!closing) {
        if (error.isTold(settings.strict())) {
          int last = Math.max(streams.highest(), error.streamId());
          writer.goAway(last, error.code(), error.getMessage());
        }
        closing = true;
        requests.cancelAll();
      }
    }

    private void flush() {
      if (isClosed(out)) {
        return;
      }
      if (isAvailable(out)) {
        writeOut();
      }
      closing = closing || requests.mayClose();
      if (closing && writer.size() == 0) {
        complete(out);
        after(LINGER, lingered);
      }
      if (!isClosed(in) && !hasBeenPulled(in) && writer.size() <= MAX_UNSENT_BYTES) {
        pull(in);
      }
    }

    private void writeOut() {
      try {
        starts.resume(this);
        outflow.writePending();
      } catch (ConnectionError e) {
        close(e);
      }
      if (writer.size() > 0) {
        push(out, writer.take());
      }
    }

    private void runTasks() {
      woken.set(false);
      for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
        guarded(task.stream(), task.work());
      }
    }

    private void lookForLife() {
      switch (keepAlive.look()) {
        case CLOSE -> {
          cutOff();
          return;
        }
        case PING -> control.ping();
        case WAIT -> {}
      }
      after(Duration.ofNanos(keepAlive.nextLookNanos(nanoTime.getAsLong())), keepAliveLook);
    }

    private void askToGo() {
      if (!draining && !closing) {
        draining = true;
        writer.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, Requests.GRACEFUL);
        control.drainPing();
        after(NOTICE, noticed);
      }
    }

    private void cutOff() {
      requests.cancelAll();
      completeStage();
    }

    @Override
    public void drain() {
      ending.invoke(false);
    }

    @Override
    public void kill() {
      ending.invoke(true);
    }

    @Override
    public void execute(Http2Stream stream, Runnable work) {
      tasks.add(new Task(stream, work));
      if (!woken.get() && woken.compareAndSet(false, true)) {
        wake.invoke(Done.getInstance());
      }
    }

    @Override
    public void after(Duration delay, Runnable task) {
      scheduleOnce(task, delay);
    }

    @Override
    public void cancel(Runnable task) {
      cancelTimer(task);
    }

    @Override
    public void onTimer(Object task) {
      turn((Runnable) task);
    }

    @Override
    public void guarded(Http2Stream stream, Runnable work) {
      try {
        work.run();
      } catch (ConnectionError e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("a request failed in a way it should not");
        stream.reset(ErrorCode.INTERNAL_ERROR);
      }
    }

    private final class Received extends AbstractInHandler {
      @Override
      public void onPush() {
        byte[] bytes = grab(in).toArrayUnsafe();
        keepAlive.onRead(nanoTime.getAsLong());
        if (closing) {
          pull(in);
        } else {
          turn(() -> read(bytes));
        }
      }

      /** A client that ends its half has left. */
      @Override
      public void onUpstreamFinish() {
        cutOff();
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        cutOff();
      }
    }

    private final class Sent extends AbstractOutHandler {
      @Override
      public void onPull() {
        flush();
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        requests.cancelAll();
        cancelStage(cause);
      }
    }
  }
}
