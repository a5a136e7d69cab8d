package io.sampo.node.peer;

/** What is counted about peers; called on many threads. */
public interface PeerMetrics {
  /** The counters of one peer; the same ones for the same id. */
  OfPeer peer(long id);

  /** Something came over HTTP that could not be read, from this address. */
  void receiveFailed(String address);

  /** A snapshot was refused before its sender was known. */
  void unknownSnapshotSender();

  /** The counters of one peer. */
  interface OfPeer {
    void became(boolean active);

    void sent(long bytes);

    void received(long bytes);

    void sendFailed();

    void receiveFailed();

    /** Smoothed, in nanoseconds. */
    void roundTrip(long nanos);

    void snapshotSendBegun();

    void snapshotSendEnded(boolean delivered, long nanos);

    void snapshotReceiveBegun();

    void snapshotReceiveEnded(boolean stored, long nanos);
  }
}
