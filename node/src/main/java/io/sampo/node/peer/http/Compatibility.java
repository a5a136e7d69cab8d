package io.sampo.node.peer.http;

import io.sampo.node.peer.PeerHeaders;
import io.sampo.node.peer.PeerIdentity;
import io.sampo.node.state.membership.MemberIds;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a peer's versions and cluster go with ours, by its headers (etcd 3.7.1, rafthttp). */
final class Compatibility {
  private static final Logger LOG = LoggerFactory.getLogger(Compatibility.class);

  /** What a peer that says nothing has. */
  private static final String OLDEST = "2.0.0";

  private static final Pattern VERSION =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.\\d{1,9}([-+].*)?");

  private final PeerIdentity identity;
  private final MajorMinor server;
  private final MajorMinor minCluster;

  private record MajorMinor(int major, int minor) {
    boolean isBelow(MajorMinor other) {
      return major < other.major || major == other.major && minor < other.minor;
    }
  }

  Compatibility(PeerIdentity identity) {
    this.identity = identity;
    this.server = parse(identity.serverVersion()).orElseThrow();
    this.minCluster = parse(identity.minClusterVersion()).orElseThrow();
  }

  /** Why the peer is refused, in etcd's words; empty if it is not. */
  Optional<String> refusal(HttpRequest request) {
    String theirServer = header(request, PeerHeaders.SERVER_VERSION).orElse(OLDEST);
    String theirMinimum = header(request, PeerHeaders.MIN_CLUSTER_VERSION).orElse(OLDEST);
    if (!goesWith(theirServer, theirMinimum)) {
      log(request, theirServer, theirMinimum, "failed version compatibility check");
      return Optional.of("incompatible version");
    }
    String cluster = header(request, PeerHeaders.CLUSTER_ID).orElse("");
    if (!cluster.equals(MemberIds.format(identity.clusterId()))) {
      log(request, theirServer, theirMinimum, "request cluster ID mismatch");
      return Optional.of("cluster ID mismatch");
    }
    return Optional.empty();
  }

  /** A version that is none goes with nothing; etcd drops the connection then. */
  private boolean goesWith(String theirServer, String theirMinimum) {
    Optional<MajorMinor> theirs = parse(theirServer);
    Optional<MajorMinor> minimum = parse(theirMinimum);
    return theirs.isPresent()
        && minimum.isPresent()
        && !theirs.get().isBelow(minCluster)
        && !server.isBelow(minimum.get());
  }

  private static Optional<MajorMinor> parse(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches()
        ? Optional.of(
            new MajorMinor(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value).filter(value -> !value.isEmpty());
  }

  private void log(HttpRequest request, String theirServer, String theirMinimum, String message) {
    LOG.atWarn()
        .addKeyValue("local-member-id", MemberIds.format(identity.memberId()))
        .addKeyValue("local-member-cluster-id", MemberIds.format(identity.clusterId()))
        .addKeyValue("local-member-server-version", identity.serverVersion())
        .addKeyValue("remote-peer-server-name", header(request, PeerHeaders.SERVER_FROM).orElse(""))
        .addKeyValue("remote-peer-server-version", theirServer)
        .addKeyValue("remote-peer-server-minimum-cluster-version", theirMinimum)
        .addKeyValue("remote-peer-cluster-id", header(request, PeerHeaders.CLUSTER_ID).orElse(""))
        .log(message);
  }
}
