package io.sampo.node.watch;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;
import scala.Tuple2;
import scala.runtime.BoxedUnit;

/**
 * The seam between a client's stream and its session: requests in, frames out, both by demand.
 * Requests that come while the session is busy with others go to it together.
 */
final class WatchStreamStage extends GraphStage<FlowShape<WatchRequest, ByteString>> {
  private static final int MAX_BUFFERED_REQUESTS = 1024;
  private static final WatchSession.Pull PULL = new WatchSession.Pull();

  private final Inlet<WatchRequest> in = Inlet.create("watch.requests");
  private final Outlet<ByteString> out = Outlet.create("watch.frames");
  private final FlowShape<WatchRequest, ByteString> shape = FlowShape.of(in, out);
  private final BiFunction<WatchDemand, Consumer<WatchOutput>, Behavior<WatchSession.Command>>
      session;
  private final Function<Behavior<WatchSession.Command>, ActorRef<WatchSession.Command>> spawn;

  WatchStreamStage(
      BiFunction<WatchDemand, Consumer<WatchOutput>, Behavior<WatchSession.Command>> session,
      Function<Behavior<WatchSession.Command>, ActorRef<WatchSession.Command>> spawn) {
    this.session = session;
    this.spawn = spawn;
  }

  @Override
  public FlowShape<WatchRequest, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final WatchDemand demand = new WatchDemand();
    private ActorRef<WatchSession.Command> watchSession;
    private List<WatchRequest> requests = new ArrayList<>();
    private boolean sessionBusy;

    /** A chunk that came before the client could take it. */
    private ByteString waiting;

    Logic() {
      super(shape);
      setHandler(in, new Requests());
      setHandler(out, new Responses());
    }

    @Override
    public void preStart() {
      StageActor self = getStageActor(this::onMessage);
      ActorRef<WatchOutput> stream = Adapter.toTyped(self.ref());
      watchSession = spawn.apply(session.apply(demand, stream::tell));
      self.watch(Adapter.toClassic(watchSession));
      askOn();
      pull(in);
    }

    @Override
    public void postStop() {
      if (watchSession != null) {
        watchSession.tell(new WatchSession.Stop());
      }
    }

    private BoxedUnit onMessage(Tuple2<org.apache.pekko.actor.ActorRef, Object> message) {
      if (message._2() instanceof WatchOutput.Chunk chunk) {
        if (isAvailable(out)) {
          pushAndAskOn(chunk.frames());
        } else {
          waiting = chunk.frames();
        }
        if (chunk.requestsTaken()) {
          onRequestsTaken();
        }
      } else if (message._2() instanceof WatchOutput.RequestsTaken) {
        onRequestsTaken();
      } else if (message._2() instanceof WatchOutput.Ended ended) {
        failStage(ended.why());
      } else if (message._2() instanceof Terminated) {
        failStage(EtcdError.STOPPED.exception());
      }
      return BoxedUnit.UNIT;
    }

    private void pushAndAskOn(ByteString frames) {
      push(out, frames);
      askOn();
    }

    private void askOn() {
      if (demand.pull()) {
        watchSession.tell(PULL);
      }
    }

    private void onRequestsTaken() {
      sessionBusy = false;
      handOverRequests();
    }

    private void handOverRequests() {
      if (!sessionBusy && !requests.isEmpty()) {
        sessionBusy = true;
        watchSession.tell(new WatchSession.Requests(requests));
        requests = new ArrayList<>();
      }
      if (requests.size() < MAX_BUFFERED_REQUESTS && !isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private final class Requests extends AbstractInHandler {
      @Override
      public void onPush() {
        requests.add(grab(in));
        handOverRequests();
      }

      /** A client that closes its half still listens. */
      @Override
      public void onUpstreamFinish() {}
    }

    private final class Responses extends AbstractOutHandler {
      @Override
      public void onPull() {
        if (waiting != null) {
          ByteString frames = waiting;
          waiting = null;
          pushAndAskOn(frames);
        }
      }
    }
  }
}
