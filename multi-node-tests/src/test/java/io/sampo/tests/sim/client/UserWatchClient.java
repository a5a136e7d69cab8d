package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchProgressRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.fault.Probe;
import io.sampo.tests.sim.kernel.SimProcess;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Watches one range after another in the name of a user, each until it ends or for a while. */
public final class UserWatchClient extends UserSession {
  private static final int REQUESTS = 2;
  private static final WatchRequest PROGRESS =
      WatchRequest.newBuilder()
          .setProgressRequest(WatchProgressRequest.getDefaultInstance())
          .build();

  private final UserListener listener;
  private final Caller network;
  private SimProcess process;
  private KillSwitch stream;
  private int generation;
  private long createdAt;
  private long seenUpTo;

  public UserWatchClient(
      String name, int number, Users users, SimCluster cluster, Caller caller, UserListener heard) {
    super(name, Users.NAMES.get(number % Users.NAMES.size()), users, cluster, caller);
    this.network = caller;
    this.listener = heard;
  }

  public void start() {
    after(random.nextLong(200 * MILLI), this::next);
  }

  /** Leaves. */
  public void end() {
    stop();
    close();
  }

  private void next() {
    close();
    if (!hasToken()) {
      authenticate(this::start);
      return;
    }
    member = anyMember();
    if (!member.isServing()) {
      start();
      return;
    }
    open(member);
    after((500 + random.nextLong(3_000)) * MILLI, this::next);
  }

  private void close() {
    generation++;
    if (stream != null) {
      process.execute(stream::shutdown);
      stream = null;
    }
  }

  private WatchCreateRequest wish() {
    ByteString key = Users.key(random);
    return WatchCreateRequest.newBuilder()
        .setKey(key)
        .setRangeEnd(Users.end(key, random))
        .setPrevKv(random.nextBoolean())
        .setStartRevision(random.nextBoolean() ? 0 : seenUpTo + 1)
        .build();
  }

  private void open(SimMember at) {
    int mine = generation;
    WatchCreateRequest wish = wish();
    createdAt = 0;
    process = at.process();
    Materializer materializer = at.materializer();
    process.execute(
        () -> {
          if (mine == generation) {
            connect(mine, at, wish, materializer);
          }
        });
  }

  private void connect(int mine, SimMember at, WatchCreateRequest wish, Materializer materializer) {
    var input = Source.<WatchRequest>queue(REQUESTS).preMaterialize(materializer);
    BoundedSourceQueue<WatchRequest> requests = input.first();
    Metadata metadata = metadata(at, wish);
    stream =
        cluster
            .mutation()
            .watch(at, input.second(), metadata)
            .viaMat(KillSwitches.single(), Keep.right())
            .mapAsync(1, response -> take(mine, at, wish, response))
            .to(Sink.ignore())
            .run(materializer);
    requests.offer(WatchRequest.newBuilder().setCreateRequest(wish).build());
    askForProgress(mine, requests);
  }

  /** An answer gives the member occasion to end what is not allowed any more. */
  private void askForProgress(int mine, BoundedSourceQueue<WatchRequest> requests) {
    SimProcess asked = process;
    cluster
        .world()
        .after(
            (100 + random.nextLong(500)) * MILLI,
            () -> {
              if (mine == generation) {
                asked.execute(() -> requests.offer(PROGRESS));
                askForProgress(mine, requests);
              }
            });
  }

  private CompletionStage<WatchResponse> take(
      int mine, SimMember at, WatchCreateRequest wish, WatchResponse response) {
    CompletableFuture<WatchResponse> taken = new CompletableFuture<>();
    cluster
        .world()
        .after(
            network.delay(),
            () -> {
              if (mine == generation) {
                onResponse(at, wish, response);
              }
              taken.complete(response);
            });
    return taken;
  }

  private void onResponse(SimMember at, WatchCreateRequest wish, WatchResponse response) {
    cluster.world().trace().add(response.getSerializedSize());
    listener.onWatch(user, wish, createdAt, response);
    if (response.getCanceled()) {
      boolean denied = response.getCancelReason().contains("permission denied");
      if (denied) {
        cluster
            .probes()
            .hit(
                response.getCreated() ? Probe.PERMISSION_DENIED : Probe.ROLE_CHANGED_UNDER_A_WATCH);
      } else if (response.getCompactRevision() == 0) {
        failed(at, EtcdError.INVALID_AUTH_TOKEN.exception());
      }
      close();
    } else if (response.getCreated()) {
      createdAt = response.getHeader().getRevision();
    } else {
      seenUpTo = Math.max(seenUpTo, response.getHeader().getRevision());
    }
  }
}
