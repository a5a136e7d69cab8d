package io.sampo.node.member;

import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the members run, asked at their peer URLs one after another. */
public final class PeerVersions implements ClusterVersionMonitor.VersionQuestion {
  private static final int OK = 200;

  private final PeerClient client;

  public PeerVersions(PeerClient client) {
    this.client = client;
  }

  @Override
  public CompletionStage<Optional<ServerVersion>> apply(ClusterMember member) {
    return ask(member.peerUrls());
  }

  private CompletionStage<Optional<ServerVersion>> ask(List<String> urls) {
    if (urls.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return client
        .get(urls.get(0), "/version")
        .handle(
            (reply, failure) ->
                failure == null && reply.status() == OK
                    ? CompletableFuture.completedFuture(
                        ServerVersion.ofAnswer(reply.body(), "etcdserver"))
                    : ask(urls.subList(1, urls.size())))
        .thenCompose(answer -> answer);
  }
}
