package io.sampo.node.watch;

import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.util.ByteString;

/**
 * A client's side of a session: requests in, frames out, both by demand. Requests that come while
 * the session is busy with others go to it together. Used by one thread at a time.
 */
public final class WatchStream {
  private static final int MAX_BUFFERED_REQUESTS = 1024;
  private static final WatchSession.Pull PULL = new WatchSession.Pull();

  /** Told by the session, on any thread. */
  public interface Listener {
    /**
     * Whole gRPC frames, one or more; the answer to one {@link #pull}.
     *
     * @param taken {@link #onTaken} as well
     */
    void onFrames(ByteString frames, boolean taken);

    /** {@link #onRequestsTaken} is to be called, by the thread that has the stream. */
    void onTaken();

    /** Nothing comes any more. */
    void onEnded(EtcdException why);
  }

  private final ActorRef<WatchSession.Command> session;
  private final WatchDemand demand;
  private List<WatchRequest> requests = new ArrayList<>();
  private boolean sessionBusy;

  WatchStream(ActorRef<WatchSession.Command> session, WatchDemand demand) {
    this.session = session;
    this.demand = demand;
  }

  /** Whether more requests may be {@link #add}ed. */
  public boolean hasRoom() {
    return requests.size() < MAX_BUFFERED_REQUESTS;
  }

  public void add(WatchRequest request) {
    requests.add(request);
    handOver();
  }

  public void onRequestsTaken() {
    sessionBusy = false;
    handOver();
  }

  private void handOver() {
    if (!sessionBusy && !requests.isEmpty()) {
      sessionBusy = true;
      session.tell(new WatchSession.Requests(requests));
      requests = new ArrayList<>();
    }
  }

  /** There is room for one more chunk of frames. */
  public void pull() {
    if (demand.pull()) {
      session.tell(PULL);
    }
  }

  public void close() {
    session.tell(new WatchSession.Stop());
  }
}
