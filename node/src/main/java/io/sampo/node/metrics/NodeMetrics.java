package io.sampo.node.metrics;

/** Every family of one node. */
public final class NodeMetrics {
  private final MetricsRegistry registry = new MetricsRegistry();
  private final ServerMetrics server = new ServerMetrics(registry);
  private final StoreMetrics store = new StoreMetrics(registry);

  public NodeMetrics() {
    UnusedFamilies.register(registry);
  }

  public MetricsRegistry registry() {
    return registry;
  }

  public ServerMetrics server() {
    return server;
  }

  public StoreMetrics store() {
    return store;
  }
}
