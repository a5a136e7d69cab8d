package io.sampo.node.watch;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.etcdserverpb.WatchCancelRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchProgressRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.Effect;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

/** A client stream and its session; everything that came is kept, in order. */
final class WatchClient {
  private final WatchDemand demand = new WatchDemand();
  final BehaviorTestKit<WatchSession.Command> session;
  final List<WatchResponse> received = new ArrayList<>();
  private final TestInbox<WatchOutput> stream = TestInbox.create();
  private boolean pulled;
  private int read;

  WatchClient(WatchSource source, WatchAuthorizer authorizer) {
    session =
        BehaviorTestKit.create(
            WatchSession.create(source, authorizer, demand, stream.getRef()::tell));
  }

  void send(WatchRequest... requests) {
    session.getRef().tell(new WatchSession.Requests(Arrays.asList(requests)));
  }

  void create(WatchCreateRequest.Builder request) {
    send(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  void create(String key) {
    create(WatchCreateRequest.newBuilder().setKey(WatchWorld.byteString(key)));
  }

  void create(String key, long startRevision) {
    create(
        WatchCreateRequest.newBuilder()
            .setKey(WatchWorld.byteString(key))
            .setStartRevision(startRevision));
  }

  void cancel(long watchId) {
    send(
        WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(watchId))
            .build());
  }

  void requestProgress() {
    send(
        WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  /** Lets the session handle one message; false if it has none. */
  boolean step() {
    boolean any = session.selfInbox().hasMessages();
    if (any) {
      session.runOne();
      receive();
    }
    return any;
  }

  /** Takes more, unless that was said already. */
  boolean pull() {
    boolean fresh = !pulled;
    if (fresh) {
      pulled = true;
      if (demand.pull()) {
        session.getRef().tell(new WatchSession.Pull());
      }
    }
    return fresh;
  }

  private void receive() {
    for (WatchOutput output : stream.getAllReceived()) {
      if (output instanceof WatchOutput.Chunk chunk) {
        pulled = false;
        try {
          received.addAll(WatchStreams.parse(chunk.frames()));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /** What came since the last call. */
  List<WatchResponse> take() {
    List<WatchResponse> taken = List.copyOf(received.subList(read, received.size()));
    read = received.size();
    return taken;
  }

  List<Event> eventsOf(long watchId) {
    return received.stream()
        .filter(response -> response.getWatchId() == watchId)
        .flatMap(response -> response.getEventsList().stream())
        .toList();
  }

  /** Fires the progress timer that the session has set. */
  void tick() {
    List<Effect> effects = session.getAllEffects();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Scheduled<?> scheduled
          && scheduled.message() instanceof WatchSession.Command command) {
        session.getRef().tell(command);
      }
    }
  }
}
