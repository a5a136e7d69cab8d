package io.sampo.node.discovery;

import io.sampo.node.tls.TlsException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;

/** The way from a node to a discovery service; nothing of it is loaded where no flag names one. */
public final class DiscoveryService {
  private DiscoveryService() {}

  /**
   * Connects, and authenticates if there is a user.
   *
   * @param nanoTime a monotonic clock
   * @throws DiscoveryException with etcd's text if files cannot be used or the user is not known
   */
  public static Discovery open(
      ActorSystem<?> system, DiscoverySettings settings, LongSupplier nanoTime)
      throws DiscoveryException, InterruptedException {
    List<Endpoint> endpoints = settings.endpoints().stream().map(Endpoint::parse).toList();
    try {
      GrpcClient client = new GrpcClient(system, settings.client(), endpoints.get(0));
      EtcdRegistry registry =
          new EtcdRegistry(client, endpoints, settings.client(), nanoTime, DiscoveryService::pause);
      registry.authenticate();
      return new Discovery(settings, registry, DiscoveryService::pause);
    } catch (TlsException | RegistryException e) {
      throw new DiscoveryException(e.getMessage(), e);
    }
  }

  /** The starting thread has nothing else to do. */
  private static void pause(Duration time) throws InterruptedException {
    new Semaphore(0).tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
