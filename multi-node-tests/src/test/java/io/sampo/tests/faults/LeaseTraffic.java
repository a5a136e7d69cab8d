package io.sampo.tests.faults;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.tests.process.Await;
import io.sampo.tests.sim.client.Call;
import io.sampo.tests.sim.client.Keys;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A client that keeps a lease with a key alive for a while, then forgets or revokes it. */
final class LeaseTraffic implements Runnable {
  private static final int SHORTEST_SECONDS = 4;
  private static final int MOST_RENEWALS = 60;

  private final Connections connections;
  private final BooleanSupplier stopped;
  private int leases;

  LeaseTraffic(Connections connections, BooleanSupplier stopped) {
    this.connections = connections;
    this.stopped = stopped;
  }

  @Override
  public void run() {
    try (connections) {
      while (!stopped.getAsBoolean()) {
        long seconds = SHORTEST_SECONDS + connections.random().nextInt(SHORTEST_SECONDS);
        Call grant = connections.call(LeaseGrantRequest.newBuilder().setTTL(seconds).build());
        if (grant.response() instanceof LeaseGrantResponse granted) {
          live(granted.getID());
        } else {
          pause();
        }
      }
    }
  }

  private void live(long id) {
    leases++;
    connections.call(
        PutRequest.newBuilder()
            .setKey(Keys.leased(connections.client(), connections.random().nextInt(3)))
            .setValue(ByteString.copyFromUtf8(connections.client() + "-" + leases))
            .setLease(id)
            .build());
    boolean alive = true;
    for (int left = connections.random().nextInt(MOST_RENEWALS);
        alive && left > 0 && !stopped.getAsBoolean();
        left--) {
      pause();
      Call call = connections.call(LeaseKeepAliveRequest.newBuilder().setID(id).build());
      alive = !(call.response() instanceof LeaseKeepAliveResponse renewed && renewed.getTTL() <= 0);
    }
    if (alive && (stopped.getAsBoolean() || connections.random().nextBoolean())) {
      connections.call(LeaseRevokeRequest.newBuilder().setID(id).build());
    }
  }

  private void pause() {
    Await.pause(Duration.ofMillis(100 + connections.random().nextInt(600)));
  }
}
