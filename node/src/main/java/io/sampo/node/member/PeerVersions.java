package io.sampo.node.member;

import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the members run, asked at their peer URLs one after another. */
public final class PeerVersions implements ClusterVersionMonitor.VersionQuestion {
  private static final int OK = 200;

  private final PeerClient client;

  public PeerVersions(PeerClient client) {
    this.client = client;
  }

  @Override
  public CompletableFuture<Optional<ServerVersion>> apply(ClusterMember member) {
    CompletableFuture<Optional<ServerVersion>> answer = new CompletableFuture<>();
    ask(member.peerUrls(), answer);
    return answer;
  }

  private void ask(List<String> urls, CompletableFuture<Optional<ServerVersion>> answer) {
    if (urls.isEmpty()) {
      answer.complete(Optional.empty());
      return;
    }
    client
        .get(urls.get(0), "/version")
        .whenComplete(
            (reply, failure) -> {
              if (failure == null && reply.status() == OK) {
                answer.complete(ServerVersion.ofAnswer(reply.body(), "etcdserver"));
              } else {
                ask(urls.subList(1, urls.size()), answer);
              }
            });
  }
}
