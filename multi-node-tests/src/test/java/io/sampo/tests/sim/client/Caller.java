package io.sampo.tests.sim.client;

import com.google.protobuf.Message;
import io.sampo.node.server.Services;
import io.sampo.tests.sim.cluster.SimMember;
import io.sampo.tests.sim.kernel.World;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The way of calls from clients to members and back. */
public final class Caller {
  private static final long MAX_DELAY_NANOS = 2_000_000;

  /** A member that does not run refuses connections; nothing became of the request. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final World world;
  private final RandomGenerator random;
  private final CallListener listener;
  private long calls;

  public Caller(World world, CallListener listener) {
    this.world = world;
    this.random = world.newRandom();
    this.listener = listener;
  }

  /** Calls made so far. */
  public long calls() {
    return calls;
  }

  long delay() {
    return 10_000 + random.nextLong(MAX_DELAY_NANOS);
  }

  private final class Pending {
    private final String client;
    private final SimMember member;
    private final Message request;
    private final long invokedNanos = world.nowNanos();
    private final Consumer<Call> done;
    private boolean over;

    Pending(String client, SimMember member, Message request, Consumer<Call> done) {
      this.client = client;
      this.member = member;
      this.request = request;
      this.done = done;
    }

    void end(Message response, Throwable error) {
      if (over) {
        return;
      }
      over = true;
      Call call =
          new Call(client, member.name(), request, invokedNanos, world.nowNanos(), response, error);
      world.trace().add(response == null ? 17 : response.getSerializedSize());
      listener.onCall(call);
      done.accept(call);
    }
  }

  /** Sends a request; {@code done} is told once, at the latest after the timeout. */
  <R extends Message> void call(
      String client,
      SimMember member,
      Message request,
      long timeoutNanos,
      Function<Services, CompletionStage<R>> service,
      Consumer<Call> done) {
    calls++;
    Pending pending = new Pending(client, member, request, done);
    world.after(timeoutNanos, () -> pending.end(null, new TimeoutException()));
    world.after(
        delay(),
        () -> {
          if (!member.isServing()) {
            world.after(delay(), () -> pending.end(null, new Refused()));
            return;
          }
          Services services = member.services();
          member
              .process()
              .execute(
                  () ->
                      service
                          .apply(services)
                          .whenComplete(
                              (response, error) ->
                                  world.after(delay(), () -> pending.end(response, error))));
        });
  }
}
