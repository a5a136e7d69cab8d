package io.sampo.node.edge;

import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.StreamTcpException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Between a socket and what is spoken on it. What is spoken may stop to listen before all that it
 * said is written: the socket stays until it is, and half a second more if the client may still be
 * sending, as Go's net/http does it ({@code closeWriteAndWait}). Behind TLS the client is told at
 * once that nothing more is said. Knows therefore when the socket is closed, and can break it.
 */
final class ConnectionEnd
    extends GraphStage<BidiShape<ByteString, ByteString, ByteString, ByteString>> {
  /** How long a client may still send after all was said to it. */
  private static final Duration LINGER = Duration.ofMillis(500);

  private final Inlet<ByteString> said = Inlet.create("ConnectionEnd.said");
  private final Outlet<ByteString> toSocket = Outlet.create("ConnectionEnd.toSocket");
  private final Inlet<ByteString> fromSocket = Inlet.create("ConnectionEnd.fromSocket");
  private final Outlet<ByteString> heard = Outlet.create("ConnectionEnd.heard");
  private final BidiShape<ByteString, ByteString, ByteString, ByteString> shape =
      BidiShape.of(said, toSocket, fromSocket, heard);
  private final Connection connection;
  private final Runnable onClosed;

  /**
   * @param onClosed told once, when the socket is closed or broken
   */
  ConnectionEnd(Connection connection, Runnable onClosed) {
    this.connection = connection;
    this.onClosed = onClosed;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    Logic() {
      super(shape);
      setHandler(said, new Said());
      setHandler(toSocket, new ToSocket());
      setHandler(fromSocket, new FromSocket());
      setHandler(heard, new Heard());
    }

    @Override
    public void preStart() {
      AsyncCallback<Done> broken =
          createAsyncCallback(done -> failStage(new StreamTcpException("the node stops")));
      connection.onBreak(() -> broken.invoke(Done.getInstance()));
    }

    @Override
    public void postStop() {
      onClosed.run();
    }

    @Override
    public void onTimer(Object key) {
      complete(toSocket);
    }

    /** What is spoken has ended on its own; what the client still sends is dropped. */
    private void discard() {
      if (!isClosed(fromSocket) && !hasBeenPulled(fromSocket)) {
        pull(fromSocket);
      }
    }

    private final class Said extends AbstractInHandler {
      @Override
      public void onPush() {
        push(toSocket, grab(said));
      }

      @Override
      public void onUpstreamFinish() {
        if (connection.isStillSending() && !isClosed(fromSocket)) {
          scheduleOnce(LINGER, LINGER);
          complete(heard);
        } else {
          complete(toSocket);
        }
        discard();
      }
    }

    private final class ToSocket extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (!isClosed(said)) {
          pull(said);
        }
      }
    }

    private final class FromSocket extends AbstractInHandler {
      @Override
      public void onPush() {
        ByteString bytes = grab(fromSocket);
        if (isAvailable(heard)) {
          push(heard, bytes);
        } else {
          discard();
        }
      }

      /** The client sends nothing more. If all is said as well, the socket is closed. */
      @Override
      public void onUpstreamFinish() {
        complete(heard);
        if (isClosed(said)) {
          complete(toSocket);
        }
      }
    }

    private final class Heard extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (!hasBeenPulled(fromSocket) && !isClosed(fromSocket)) {
          pull(fromSocket);
        }
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        discard();
      }
    }
  }
}
