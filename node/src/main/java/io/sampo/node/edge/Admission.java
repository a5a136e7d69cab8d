package io.sampo.node.edge;

import org.apache.pekko.Done;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;

/** Accepts a connection only when there is a place for it; whoever serves it gives that back. */
final class Admission<T> extends GraphStage<FlowShape<T, T>> {
  private final Inlet<T> in = Inlet.create("Admission.in");
  private final Outlet<T> out = Outlet.create("Admission.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);
  private final ConnectionLimit limit;

  Admission(ConnectionLimit limit) {
    this.limit = limit;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private AsyncCallback<Done> granted;
    private boolean hasPlace;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              hasPlace = false;
              push(out, grab(in));
            }

            @Override
            public void onPull() {
              limit.take(() -> granted.invoke(Done.getInstance()));
            }
          });
    }

    @Override
    public void preStart() {
      granted =
          createAsyncCallback(
              done -> {
                hasPlace = true;
                pull(in);
              });
    }

    @Override
    public void postStop() {
      if (hasPlace) {
        limit.release();
      }
    }
  }
}
