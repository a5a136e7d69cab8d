package io.sampo.node.edge.http;

import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * Between a connection and what answers its requests, one after another: ends a connection that has
 * not brought the whole head of a request within a time of its beginning, or of the end of the last
 * answer. Whoever sends a byte now and then is not idle, and would keep its place for ever. While
 * an answer is on its way, however long, no head is waited for.
 */
public final class RequestHeadTimeout
    extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {
  private static final String LATE = "late";

  private final Inlet<HttpRequest> heard = Inlet.create("heads.heard");
  private final Outlet<HttpRequest> asked = Outlet.create("heads.asked");
  private final Inlet<HttpResponse> answered = Inlet.create("heads.answered");
  private final Outlet<HttpResponse> said = Outlet.create("heads.said");
  private final BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape =
      BidiShape.of(heard, asked, answered, said);
  private final Duration limit;

  private RequestHeadTimeout(Duration limit) {
    this.limit = limit;
  }

  /** To be joined with what answers. */
  public static BidiFlow<HttpRequest, HttpRequest, HttpResponse, HttpResponse, NotUsed> within(
      Duration limit) {
    return BidiFlow.fromGraph(new RequestHeadTimeout(limit));
  }

  @Override
  public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private AsyncCallback<Done> free;

    Logic() {
      super(shape);
      setHandler(heard, new Heard());
      setHandler(asked, new Demand<>(heard));
      setHandler(answered, new Answered());
      setHandler(said, new Demand<>(answered));
    }

    @Override
    public void preStart() {
      free = createAsyncCallback(done -> await());
      await();
    }

    private void await() {
      scheduleOnce(LATE, limit);
    }

    @Override
    public void onTimer(Object key) {
      completeStage();
    }

    private HttpResponse watched(HttpResponse response) {
      if (response.entity().isStrict()) {
        await();
        return response;
      }
      return response.transformEntityDataBytes(
          Flow.<ByteString>create()
              .watchTermination(
                  (notUsed, ended) -> {
                    ended.whenComplete((done, failure) -> free.invoke(Done.getInstance()));
                    return notUsed;
                  }));
    }

    private final class Heard extends AbstractInHandler {
      @Override
      public void onPush() {
        cancelTimer(LATE);
        push(asked, grab(heard));
      }

      @Override
      public void onUpstreamFinish() {
        complete(asked);
      }
    }

    private final class Answered extends AbstractInHandler {
      @Override
      public void onPush() {
        push(said, watched(grab(answered)));
      }
    }

    private final class Demand<T> extends AbstractOutHandler {
      private final Inlet<T> from;

      Demand(Inlet<T> from) {
        this.from = from;
      }

      @Override
      public void onPull() {
        if (!hasBeenPulled(from) && !isClosed(from)) {
          pull(from);
        }
      }
    }
  }
}
