package io.sampo.node.dispatch;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SystemMaterializer;

/**
 * Starts the actors of a member, each through its {@link SpawnInterceptor}, and knows where other
 * work runs.
 */
public final class Actors {
  /** Where that runs which clients cause, behind what the cluster needs. */
  public static final String CLIENT_DISPATCHER = "pekko.actor.client-dispatcher";

  private static final DispatcherSelector CLIENTS =
      DispatcherSelector.fromConfig(CLIENT_DISPATCHER);
  private static final DispatcherSelector LONG_WORK =
      DispatcherSelector.fromConfig("pekko.actor.long-work-dispatcher");
  private static final DispatcherSelector PASSWORDS =
      DispatcherSelector.fromConfig("pekko.actor.password-dispatcher");

  private final ActorContext<?> parent;
  private final ActorSystem<?> system;
  private final SpawnInterceptor interceptor;
  private final Executor blocking;
  private final AtomicLong sessions = new AtomicLong();

  /**
   * @param parent of the actors that live as long as the member, which it watches
   */
  public Actors(ActorContext<?> parent, SpawnInterceptor interceptor) {
    this.parent = parent;
    this.system = parent.getSystem();
    this.interceptor = interceptor;
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  /** An actor that lives as long as the member. On the parent's thread only. */
  public <T> ActorRef<T> spawn(String name, Behavior<T> behavior) {
    return watched(parent.spawn(intercepted(name, behavior), name));
  }

  /** As {@link #spawn}, where it may wait for the disk. */
  public <T> ActorRef<T> spawnBlocking(String name, Behavior<T> behavior) {
    return watched(parent.spawn(intercepted(name, behavior), name, DispatcherSelector.blocking()));
  }

  private <T> ActorRef<T> watched(ActorRef<T> actor) {
    parent.watch(actor);
    return actor;
  }

  /** An actor of one client's stream or call, which stops by itself. On any thread. */
  public <T> ActorRef<T> spawnSession(String kind, Behavior<T> behavior) {
    return system.systemActorOf(
        intercepted(kind, behavior), kind + "-" + sessions.incrementAndGet(), CLIENTS);
  }

  /** What is started in place of this behaviour, for those who start it themselves. */
  public <T> Behavior<T> intercepted(String name, Behavior<T> behavior) {
    return interceptor.intercept(name, behavior);
  }

  public ActorSystem<?> system() {
    return system;
  }

  /** For short steps that a client causes. */
  public Executor clients() {
    return system.dispatchers().lookup(CLIENTS);
  }

  /** For what waits for the disk. */
  public Executor blocking() {
    return blocking;
  }

  /** For what clients can make long: {@code edge.LongWork}. */
  public Executor longWork() {
    return system.dispatchers().lookup(LONG_WORK);
  }

  /** For what takes a core for long and is nothing but that: {@code auth.PasswordHashes}. */
  public Executor passwords() {
    return system.dispatchers().lookup(PASSWORDS);
  }

  public Materializer materializer() {
    return SystemMaterializer.get(system).materializer();
  }
}
