package io.sampo.node.peer;

import io.sampo.node.peer.stream.StreamLimits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Times and bounds; etcd's where etcd has one.
 *
 * @param stream of every stream
 * @param dialTimeout for a connection to stand: a second and the election time
 * @param redialAfter before a lost or refused stream is dialled again
 * @param redialAtMost the pause doubles up to this while a peer stays away
 * @param postsInFlight of messages that have no stream
 * @param postsWaiting beyond those in flight; then messages are dropped
 * @param probeInterval between two looks at a peer's answer time
 * @param snapshotTimeout without any progress of a snapshot that we send
 * @param maxRemotes senders that are no members here yet and are answered all the same
 * @param localAddress from which members are dialled; empty for the system's choice
 */
public record PeerSettings(
    StreamLimits stream,
    Duration dialTimeout,
    Duration redialAfter,
    Duration redialAtMost,
    int postsInFlight,
    int postsWaiting,
    Duration probeInterval,
    Duration snapshotTimeout,
    int maxRemotes,
    Optional<InetAddress> localAddress) {

  /**
   * etcd's.
   *
   * @param electionTimeout of {@code --election-timeout}
   */
  public static PeerSettings of(Duration electionTimeout) {
    return new PeerSettings(
        StreamLimits.DEFAULT,
        electionTimeout.plusSeconds(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        4,
        64,
        Duration.ofSeconds(4),
        Duration.ofSeconds(60),
        64,
        Optional.empty());
  }

  /**
   * etcd's, with room for the largest message.
   *
   * @param maxRequestBytes of {@code --max-request-bytes}
   */
  public static PeerSettings of(Duration electionTimeout, int maxRequestBytes) {
    PeerSettings settings = of(electionTimeout);
    int longest = Math.max(settings.stream().frameBytes(), 2 * maxRequestBytes);
    return settings.withStream(settings.stream().withFrameBytes(longest));
  }

  public PeerSettings withStream(StreamLimits newStream) {
    return new PeerSettings(
        newStream,
        dialTimeout,
        redialAfter,
        redialAtMost,
        postsInFlight,
        postsWaiting,
        probeInterval,
        snapshotTimeout,
        maxRemotes,
        localAddress);
  }

  public PeerSettings withProbeInterval(Duration newProbeInterval) {
    return new PeerSettings(
        stream,
        dialTimeout,
        redialAfter,
        redialAtMost,
        postsInFlight,
        postsWaiting,
        newProbeInterval,
        snapshotTimeout,
        maxRemotes,
        localAddress);
  }

  /**
   * Dials from there.
   *
   * @param literal an address that is no name
   */
  public PeerSettings withLocalAddress(Optional<String> literal) {
    return new PeerSettings(
        stream,
        dialTimeout,
        redialAfter,
        redialAtMost,
        postsInFlight,
        postsWaiting,
        probeInterval,
        snapshotTimeout,
        maxRemotes,
        literal.map(text -> new InetSocketAddress(text, 0).getAddress()));
  }
}
