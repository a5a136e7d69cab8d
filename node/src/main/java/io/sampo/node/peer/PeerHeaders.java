package io.sampo.node.peer;

import io.sampo.node.state.membership.MemberIds;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** The headers by which members know each other (etcd 3.7.1, rafthttp). */
public final class PeerHeaders {
  public static final String SERVER_FROM = "X-Server-From";
  public static final String SERVER_VERSION = "X-Server-Version";
  public static final String MIN_CLUSTER_VERSION = "X-Min-Cluster-Version";
  public static final String CLUSTER_ID = "X-Etcd-Cluster-ID";
  public static final String RAFT_TO = "X-Raft-To";
  public static final String PEER_URLS = "X-PeerURLs";

  private PeerHeaders() {}

  /** What every request to a peer carries. */
  static List<HttpHeader> of(PeerIdentity identity) {
    List<HttpHeader> headers = new ArrayList<>();
    headers.add(RawHeader.create(SERVER_FROM, MemberIds.format(identity.memberId())));
    headers.add(RawHeader.create(SERVER_VERSION, identity.serverVersion()));
    headers.add(RawHeader.create(MIN_CLUSTER_VERSION, identity.minClusterVersion()));
    headers.add(RawHeader.create(CLUSTER_ID, MemberIds.format(identity.clusterId())));
    if (!identity.peerUrls().isEmpty()) {
      headers.add(RawHeader.create(PEER_URLS, String.join(",", identity.peerUrls())));
    }
    return headers;
  }

  /** What the dial of a stream carries. */
  static List<HttpHeader> ofStream(PeerIdentity identity, long to) {
    List<HttpHeader> headers = of(identity);
    headers.add(RawHeader.create(RAFT_TO, MemberIds.format(to)));
    return headers;
  }
}
