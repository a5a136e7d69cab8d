package io.sampo.node.peer.http;

import io.sampo.node.peer.PeerHeaders;
import io.sampo.node.peer.PeerNetwork;
import io.sampo.node.peer.stream.OutgoingStream;
import io.sampo.node.peer.wire.StreamKind;
import io.sampo.node.state.membership.MemberIds;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /raft/stream/<kind>/<id>}: a peer dials a stream from us to it. */
final class StreamRoute {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRoute.class);

  static final String PREFIX = "/raft/stream/";

  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;
  private static final int PRECONDITION = 412;

  private final PeerNetwork network;
  private final Compatibility compatibility;

  StreamRoute(PeerNetwork network, Compatibility compatibility) {
    this.network = network;
    this.compatibility = compatibility;
  }

  HttpResponse answer(HttpRequest request, String path) {
    if (!request.method().equals(HttpMethods.GET)) {
      return Replies.wrongMethod("GET");
    }
    // A 200 without the version makes an etcd member wait for ever; it is on every answer.
    return Replies.withCluster(dial(request, path), network.identity().clusterId())
        .addHeader(
            RawHeader.create(PeerHeaders.SERVER_VERSION, network.identity().serverVersion()));
  }

  private HttpResponse dial(HttpRequest request, String path) {
    Optional<String> refusal = compatibility.refusal(request);
    if (refusal.isPresent()) {
      return Replies.error(PRECONDITION, refusal.get());
    }
    String rest = path.substring(PREFIX.length());
    int slash = rest.indexOf('/');
    Optional<StreamKind> kind =
        slash < 0 ? Optional.empty() : kindOf(rest.substring(0, slash), rest.substring(slash + 1));
    if (kind.isEmpty()) {
      return Replies.error(NOT_FOUND, "invalid path");
    }
    OptionalLong from = MemberIds.parse(rest.substring(slash + 1));
    if (from.isEmpty()) {
      return Replies.error(NOT_FOUND, "invalid from");
    }
    return attach(request, kind.get(), from.getAsLong());
  }

  private static Optional<StreamKind> kindOf(String name, String id) {
    return id.indexOf('/') >= 0
        ? Optional.empty()
        : Arrays.stream(StreamKind.values()).filter(kind -> kind.path().equals(name)).findFirst();
  }

  private HttpResponse attach(HttpRequest request, StreamKind kind, long from) {
    if (network.isRemoved(from)) {
      log(from, "rejected stream from remote peer because it was removed");
      return Replies.error(GONE, "removed member");
    }
    if (!network.isMember(from)) {
      Compatibility.header(request, PeerHeaders.PEER_URLS)
          .ifPresent(urls -> network.heardOf(from, urls));
      log(from, "failed to find remote peer in cluster");
      return Replies.error(NOT_FOUND, "error sender not found");
    }
    String to = Compatibility.header(request, PeerHeaders.RAFT_TO).orElse("");
    if (!to.equals(MemberIds.format(network.identity().memberId()))) {
      log(from, "ignored streaming request; ID mismatch");
      return Replies.error(PRECONDITION, "to field mismatch");
    }
    Optional<OutgoingStream> stream = network.attach(from, kind);
    if (stream.isEmpty()) {
      return Replies.error(NOT_FOUND, "error sender not found");
    }
    return HttpResponse.create()
        .withEntity(
            HttpEntities.createChunked(
                ContentTypes.APPLICATION_OCTET_STREAM, Source.fromGraph(stream.get())));
  }

  private void log(long from, String message) {
    LOG.atWarn()
        .addKeyValue("local-member-id", MemberIds.format(network.identity().memberId()))
        .addKeyValue("remote-peer-id-from", MemberIds.format(from))
        .addKeyValue("cluster-id", MemberIds.format(network.identity().clusterId()))
        .log(message);
  }
}
