package io.sampo.tests.sim.client;

import io.sampo.node.server.Services;
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
import java.util.random.RandomGenerator;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Watches a range for ever: when its member is gone, or now and then by itself, it goes on at
 * another one behind what it has seen. Slow at times.
 */
public final class WatchClient {
  private static final long MILLI = 1_000_000L;
  private static final int REQUESTS = 8;

  private final String name;
  private final SimCluster cluster;
  private final Caller network;
  private final WatchListener listener;
  private final RandomGenerator random;
  private final WatchCreateRequest wish;
  private final long lagNanos;
  private SimProcess process;
  private KillSwitch stream;
  private BoundedSourceQueue<WatchRequest> requests;
  private int generation;
  private long nextRevision;
  private boolean heard;
  private boolean calm;
  private boolean stopped;

  public WatchClient(String name, SimCluster cluster, Caller network, WatchListener listener) {
    this.name = name;
    this.cluster = cluster;
    this.network = network;
    this.listener = listener;
    this.random = cluster.world().newRandom();
    this.lagNanos = random.nextInt(3) == 0 ? 300 * MILLI : 2 * MILLI;
    this.nextRevision = random.nextInt(2);
    this.wish = wish();
  }

  private WatchCreateRequest wish() {
    WatchCreateRequest.Builder wish =
        WatchCreateRequest.newBuilder()
            .setKey(Keys.key(random.nextInt(3)))
            .setPrevKv(random.nextBoolean())
            .setProgressNotify(random.nextBoolean());
    if (random.nextInt(4) != 0) {
      wish.setRangeEnd(Keys.toTheEnd());
    }
    int filter = random.nextInt(6);
    if (filter < 2) {
      wish.addFilters(WatchCreateRequest.FilterType.forNumber(filter));
    }
    return wish.build();
  }

  public void start() {
    look();
  }

  /** From now on it keeps to its member while that lives. */
  public void calmDown() {
    calm = true;
  }

  /** Leaves. */
  public void stop() {
    stopped = true;
    close();
  }

  /** Sees to it that there is a stream. */
  private void look() {
    if (stopped) {
      return;
    }
    boolean gone = process == null || process.isCrashed();
    boolean silent = !heard;
    boolean moves = !calm && random.nextInt(10) == 0;
    if (gone || silent || moves) {
      close();
      open(cluster.members().get(random.nextInt(cluster.members().size())));
    } else if (random.nextInt(4) == 0) {
      BoundedSourceQueue<WatchRequest> to = requests;
      process.execute(
          () ->
              to.offer(
                  WatchRequest.newBuilder()
                      .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                      .build()));
    }
    cluster.world().after((200 + random.nextLong(1_500)) * MILLI, this::look);
  }

  private void close() {
    generation++;
    heard = false;
    if (stream != null) {
      KillSwitch old = stream;
      process.execute(old::shutdown);
      stream = null;
    }
    process = null;
  }

  private void open(SimMember member) {
    if (!member.isServing()) {
      return;
    }
    int mine = generation;
    process = member.process();
    Services services = member.services();
    Materializer materializer = member.materializer();
    process.execute(
        () -> {
          if (mine == generation) {
            connect(mine, services, materializer);
          }
        });
  }

  private void connect(int mine, Services services, Materializer materializer) {
    var input = Source.<WatchRequest>queue(REQUESTS).preMaterialize(materializer);
    requests = input.first();
    stream =
        services
            .watch()
            .watch(input.second(), null)
            .viaMat(KillSwitches.single(), Keep.right())
            .mapAsync(1, response -> take(mine, response))
            .to(Sink.ignore())
            .run(materializer);
    requests.offer(
        WatchRequest.newBuilder()
            .setCreateRequest(wish.toBuilder().setStartRevision(nextRevision))
            .build());
  }

  /** The answer reaches the client after a while; until then it takes no other. */
  private CompletionStage<WatchResponse> take(int mine, WatchResponse response) {
    CompletableFuture<WatchResponse> taken = new CompletableFuture<>();
    cluster
        .world()
        .after(
            network.delay() + random.nextLong(lagNanos),
            () -> {
              if (mine == generation && !stopped) {
                onResponse(response);
              }
              taken.complete(response);
            });
    return taken;
  }

  private void onResponse(WatchResponse response) {
    cluster.world().trace().add(response.getSerializedSize());
    if (response.getCreated()) {
      heard = true;
      if (nextRevision == 0) {
        nextRevision = response.getHeader().getRevision() + 1;
      }
      listener.onBegin(name, wish, nextRevision);
    } else if (response.getCompactRevision() > 0) {
      cluster.probes().hit(Probe.WATCHER_ENDED_BY_A_COMPACTION);
      listener.onCompacted(name, response.getCompactRevision());
      nextRevision = response.getCompactRevision();
      close();
    } else if (response.getCanceled()) {
      close();
    } else {
      listener.onNews(name, response);
      int count = response.getEventsCount();
      long last =
          count == 0
              ? response.getHeader().getRevision()
              : response.getEvents(count - 1).getKv().getModRevision();
      nextRevision = Math.max(nextRevision, last + 1);
    }
  }
}
