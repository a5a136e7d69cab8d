package io.sampo.node.edge;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Finds out which protocol a connection speaks, by ALPN or else by its first bytes, and lets it be
 * spoken from then on. A connection that says nothing costs nothing but its place.
 */
public final class ProtocolSwitch extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** Longer than any client takes; etcd waits for ever. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Inlet<ByteString> in = Inlet.create("ProtocolSwitch.in");
  private final Outlet<ByteString> out = Outlet.create("ProtocolSwitch.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Connection connection;
  private final Map<FirstBytes, ConnectionProtocol> protocols;
  private final Duration patience;

  /**
   * @param http1 empty if it is not spoken here
   * @param http2 likewise
   */
  public ProtocolSwitch(
      Connection connection,
      Optional<ConnectionProtocol> http1,
      Optional<ConnectionProtocol> http2) {
    this(connection, http1, http2, PATIENCE);
  }

  /**
   * Of a port that serves both schemes: what is no HTTP is left to TLS, which refuses it, as in
   * etcd.
   *
   * @param plain for those who begin to speak HTTP
   * @param secure for all others
   */
  static ProtocolSwitch ofSchemes(
      Connection connection, ConnectionProtocol plain, ConnectionProtocol secure) {
    return new ProtocolSwitch(
        connection,
        Map.of(
            FirstBytes.HTTP_1, plain,
            FirstBytes.HTTP_2, plain,
            FirstBytes.TLS, secure,
            FirstBytes.UNKNOWN, secure),
        PATIENCE);
  }

  /**
   * @param patience how long it may take from the first byte until the protocol is known
   */
  ProtocolSwitch(
      Connection connection,
      Optional<ConnectionProtocol> http1,
      Optional<ConnectionProtocol> http2,
      Duration patience) {
    this(connection, byFirstBytes(http1, http2), patience);
  }

  private ProtocolSwitch(
      Connection connection, Map<FirstBytes, ConnectionProtocol> protocols, Duration patience) {
    this.connection = connection;
    this.protocols = protocols;
    this.patience = patience;
  }

  private static Map<FirstBytes, ConnectionProtocol> byFirstBytes(
      Optional<ConnectionProtocol> http1, Optional<ConnectionProtocol> http2) {
    Map<FirstBytes, ConnectionProtocol> protocols = new EnumMap<>(FirstBytes.class);
    http1.ifPresent(protocol -> protocols.put(FirstBytes.HTTP_1, protocol));
    http2.ifPresent(protocol -> protocols.put(FirstBytes.HTTP_2, protocol));
    return protocols;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private ByteString first = ByteString.emptyByteString();
    private SubSourceOutlet<ByteString> heard;
    private SubSinkInlet<ByteString> said;

    Logic() {
      super(shape);
      setHandler(in, new First());
      setHandler(out, new Said());
    }

    @Override
    public void preStart() {
      AsyncCallback<Done> drain = createAsyncCallback(done -> closeUndecided());
      connection.onDrain(() -> drain.invoke(Done.getInstance()));
      pull(in);
    }

    @Override
    public void onTimer(Object key) {
      closeUndecided();
    }

    private void closeUndecided() {
      if (heard == null) {
        completeStage();
      }
    }

    private void decide() {
      FirstBytes kind =
          connection.applicationProtocol().equals("h2")
              ? FirstBytes.HTTP_2
              : FirstBytes.of(first, !connection.isSecure(), protocols.containsKey(FirstBytes.TLS));
      if (kind == FirstBytes.UNDECIDED) {
        if (!isTimerActive(connection)) {
          scheduleOnce(connection, patience);
        }
        pull(in);
      } else if (protocols.containsKey(kind)) {
        speak(protocols.get(kind));
      } else {
        completeStage();
      }
    }

    private void speak(ConnectionProtocol protocol) {
      cancelTimer(connection);
      heard = new SubSourceOutlet<>("ProtocolSwitch.heard");
      said = new SubSinkInlet<>("ProtocolSwitch.said");
      heard.setHandler(new Heard());
      said.setHandler(new SaidBy());
      setHandler(in, new Rest());
      Source.fromGraph(heard.source())
          .via(protocol.flow(connection))
          .runWith(said.sink(), subFusingMaterializer());
      if (isAvailable(out)) {
        said.pull();
      }
    }

    /** Until it is decided. */
    private final class First extends AbstractInHandler {
      @Override
      public void onPush() {
        first = first.concat(grab(in));
        decide();
      }
    }

    /** From the client to the protocol. */
    private final class Rest extends AbstractInHandler {
      @Override
      public void onPush() {
        heard.push(grab(in));
      }

      @Override
      public void onUpstreamFinish() {
        if (first.isEmpty()) {
          heard.complete();
        }
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        heard.fail(failure);
      }
    }

    private final class Heard extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (!first.isEmpty()) {
          heard.push(first);
          first = ByteString.emptyByteString();
          if (isClosed(in)) {
            heard.complete();
          }
        } else if (!isClosed(in)) {
          pull(in);
        }
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        if (!isClosed(in)) {
          cancel(in, cause);
        }
      }
    }

    private final class SaidBy extends AbstractInHandler {
      @Override
      public void onPush() {
        push(out, said.grab());
      }

      @Override
      public void onUpstreamFinish() {
        complete(out);
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        fail(out, failure);
      }
    }

    private final class Said extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (said != null && !said.isClosed()) {
          said.pull();
        }
      }

      @Override
      public void onDownstreamFinish(Throwable cause) {
        if (said == null) {
          completeStage();
        } else {
          said.cancel(cause);
        }
      }
    }
  }
}
