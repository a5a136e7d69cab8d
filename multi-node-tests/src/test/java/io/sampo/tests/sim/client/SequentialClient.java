package io.sampo.tests.sim.client;

import com.google.protobuf.Message;
import io.sampo.node.server.Services;
import io.sampo.tests.sim.cluster.SimCluster;
import io.sampo.tests.sim.cluster.SimMember;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** A client that does one thing after another and thinks between them. */
abstract class SequentialClient {
  static final long MILLI = 1_000_000L;

  final String name;
  final SimCluster cluster;
  final RandomGenerator random;
  private final Caller caller;
  private final long timeoutNanos;
  private boolean stopped;
  private boolean idle = true;

  SequentialClient(String name, SimCluster cluster, Caller caller, long timeoutNanos) {
    this.name = name;
    this.cluster = cluster;
    this.caller = caller;
    this.timeoutNanos = timeoutNanos;
    this.random = cluster.world().newRandom();
  }

  /** It does nothing new from now on. */
  public final void stop() {
    stopped = true;
  }

  public final boolean isIdle() {
    return stopped && idle;
  }

  final SimMember anyMember() {
    return cluster.members().get(random.nextInt(cluster.members().size()));
  }

  /** Goes on with this after a while, if it is not stopped by then. */
  final void after(long nanos, Runnable next) {
    idle = true;
    cluster
        .world()
        .after(
            nanos,
            () -> {
              if (!stopped) {
                idle = false;
                next.run();
              }
            });
  }

  final <R extends Message> void call(
      SimMember member,
      Message request,
      Function<Services, CompletionStage<R>> service,
      Consumer<Call> then) {
    caller.call(name, member, request, timeoutNanos, service, then);
  }
}
