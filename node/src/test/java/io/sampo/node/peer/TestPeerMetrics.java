package io.sampo.node.peer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts by name and peer, such as {@code sent 2}. */
public final class TestPeerMetrics implements PeerMetrics {
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();

  public long count(String name) {
    return counts.computeIfAbsent(name, key -> new AtomicLong()).get();
  }

  private void add(String name, long value) {
    counts.computeIfAbsent(name, key -> new AtomicLong()).addAndGet(value);
  }

  @Override
  public OfPeer peer(long id) {
    return new OfPeer() {
      @Override
      public void became(boolean active) {
        add("active " + id, active ? 1 : -1);
      }

      @Override
      public void sent(long bytes) {
        add("sent " + id, bytes);
      }

      @Override
      public void received(long bytes) {
        add("received " + id, bytes);
      }

      @Override
      public void sendFailed() {
        add("send failed " + id, 1);
      }

      @Override
      public void receiveFailed() {
        add("receive failed " + id, 1);
      }

      @Override
      public void roundTrip(long nanos) {
        add("round trip " + id, 1);
      }

      @Override
      public void snapshotSendBegun() {
        add("snapshots in flight " + id, 1);
      }

      @Override
      public void snapshotSendEnded(boolean delivered, long nanos) {
        add("snapshots in flight " + id, -1);
        add((delivered ? "snapshot sent " : "snapshot not sent ") + id, 1);
      }

      @Override
      public void snapshotReceiveBegun() {
        add("snapshots coming " + id, 1);
      }

      @Override
      public void snapshotReceiveEnded(boolean stored, long nanos) {
        add("snapshots coming " + id, -1);
        add((stored ? "snapshot stored " : "snapshot not stored ") + id, 1);
      }
    };
  }

  @Override
  public void receiveFailed(String address) {
    add("receive failed", 1);
  }

  @Override
  public void unknownSnapshotSender() {
    add("unknown snapshot sender", 1);
  }
}
