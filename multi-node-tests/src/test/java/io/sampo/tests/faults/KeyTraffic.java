package io.sampo.tests.faults;

import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.tests.process.Await;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.KeyClient;
import io.sampo.tests.sim.client.KeyRequests;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A client that reads and writes keys until it is told to stop. */
final class KeyTraffic implements Runnable {
  private static final KeyClient.Habits HABITS = new KeyClient.Habits(8, 0, 60, 20, 0);

  private final Connections connections;
  private final KeyRequests requests;
  private final int thinkMillis;
  private final BooleanSupplier stopped;

  /**
   * @param thinkMillis the longest pause between two calls
   */
  KeyTraffic(Connections connections, int thinkMillis, BooleanSupplier stopped) {
    this.connections = connections;
    this.requests = new KeyRequests(connections.client(), HABITS, connections.random());
    this.thinkMillis = thinkMillis;
    this.stopped = stopped;
  }

  @Override
  public void run() {
    try (connections) {
      while (!stopped.getAsBoolean()) {
        Call call = connections.call(requests.next());
        if (call.response() instanceof RangeResponse range) {
          requests.learn(range);
        }
        if (!call.succeeded()) {
          connections.pause();
        }
        Await.pause(Duration.ofMillis(connections.random().nextInt(thinkMillis + 1)));
      }
    }
  }
}
