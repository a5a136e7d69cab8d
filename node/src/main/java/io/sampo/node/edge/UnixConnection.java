package io.sampo.node.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * A socket of the file system as the streams of Pekko's TCP are: what goes in is written, what is
 * read goes out. The other side may end what it says and still read; when what goes in has ended
 * and is written, the socket is closed.
 */
public final class UnixConnection extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** Makes the channel of a connection; called once, when it begins. */
  @FunctionalInterface
  public interface Opening {
    SocketChannel open() throws IOException;
  }

  private static final int BUFFER_BYTES = 64 * 1024;

  /** Used within one step only. */
  private static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BUFFER_BYTES));

  private final Inlet<ByteString> in = Inlet.create("UnixConnection.in");
  private final Outlet<ByteString> out = Outlet.create("UnixConnection.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final ChannelSelector selector;
  private final Opening opening;

  public UnixConnection(ChannelSelector selector, Opening opening) {
    this.selector = selector;
    this.opening = opening;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  /** A step on the channel, which may have been closed by the other side at any time. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private final class Logic extends GraphStageLogic {
    private SocketChannel channel;
    private SelectionKey key;

    /** Not written yet. */
    private ByteBuffer pending = ByteBuffer.allocate(0);

    Logic() {
      super(shape);
      setHandler(in, new Written());
      setHandler(out, new Read());
    }

    @Override
    public void preStart() {
      AsyncCallback<Done> ready = createAsyncCallback(done -> attempt(this::advance));
      attempt(
          () -> {
            channel = opening.open();
            channel.configureBlocking(false);
            key = selector.register(channel, () -> ready.invoke(Done.getInstance()));
            pull(in);
          });
    }

    @Override
    public void postStop() {
      if (key != null) {
        ChannelSelector.close(key);
      }
    }

    private void attempt(Step step) {
      try {
        step.run();
      } catch (IOException e) {
        failStage(new StreamTcpException(String.valueOf(e.getMessage())).initCause(e));
      }
    }

    private void advance() throws IOException {
      write();
      read();
    }

    private void read() throws IOException {
      boolean dropped = isClosed(out);
      if (!dropped && !isAvailable(out)) {
        return;
      }
      ByteBuffer buffer = SCRATCH.get().clear();
      int count = channel.read(buffer);
      if (count == 0 || count > 0 && dropped) {
        ChannelSelector.want(key, SelectionKey.OP_READ);
      } else if (count > 0) {
        push(out, ByteString.fromByteBuffer(buffer.flip()));
      } else if (dropped) {
        completeStage();
      } else {
        complete(out);
        endIfOver();
      }
    }

    private void write() throws IOException {
      boolean stuck = pending.hasRemaining() && channel.write(pending) == 0;
      while (!stuck && pending.hasRemaining()) {
        stuck = channel.write(pending) == 0;
      }
      if (pending.hasRemaining()) {
        ChannelSelector.want(key, SelectionKey.OP_WRITE);
      } else if (!isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
      endIfOver();
    }

    private void endIfOver() {
      if (isClosed(in) && !pending.hasRemaining()) {
        completeStage();
      }
    }

    private final class Written extends AbstractInHandler {
      @Override
      public void onPush() {
        pending = grab(in).asByteBuffer();
        attempt(Logic.this::write);
      }

      @Override
      public void onUpstreamFinish() {
        endIfOver();
      }
    }

    private final class Read extends AbstractOutHandler {
      @Override
      public void onPull() {
        attempt(Logic.this::read);
      }

      /** Nobody listens; but that the other side has gone must be seen. */
      @Override
      public void onDownstreamFinish(Throwable cause) {
        attempt(Logic.this::read);
      }
    }
  }
}
