package io.sampo.node.peer.http;

import io.sampo.node.peer.PeerHeaders;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.state.membership.MemberIds;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Who posts, by the headers. */
final class Senders {
  private Senders() {}

  /** A sender that says where it is can be answered before it is a member here. */
  static void remember(PeerNetwork network, HttpRequest request) {
    OptionalLong from =
        MemberIds.parse(Compatibility.header(request, PeerHeaders.SERVER_FROM).orElse(""));
    Optional<String> urls = Compatibility.header(request, PeerHeaders.PEER_URLS);
    if (from.isPresent() && urls.isPresent() && !network.isRemoved(from.getAsLong())) {
      network.heardOf(from.getAsLong(), urls.get());
    }
  }
}
