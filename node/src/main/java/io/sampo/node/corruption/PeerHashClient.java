package io.sampo.node.corruption;

import com.google.gson.JsonObject;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import io.sampo.protocol.error.EtcdException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks members at their peer URLs for the hash of their keys. */
public final class PeerHashClient implements PeerHashes {
  private static final Logger LOG = LoggerFactory.getLogger(PeerHashClient.class);
  private static final String PATH = "/members/hashkv";
  private static final int OK = 200;

  private final long memberId;
  private final long clusterId;
  private final PeerClient client;
  private final Duration timeout;
  private final Supplier<List<ClusterMember>> members;

  /**
   * @param timeout for all URLs of a member together
   * @param members of the moment, this one among them
   */
  public PeerHashClient(
      long memberId,
      long clusterId,
      PeerClient client,
      Duration timeout,
      Supplier<List<ClusterMember>> members) {
    this.memberId = memberId;
    this.clusterId = clusterId;
    this.client = client;
    this.timeout = timeout;
    this.members = members;
  }

  /** All members but this one. */
  List<ClusterMember> peers() {
    return members.get().stream().filter(peer -> peer.id() != memberId).toList();
  }

  /** Why a member gave no hash. */
  static final class NoHashException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoHashException(String message) {
      super(message);
    }
  }

  /** One URL after another, until one gives a hash; fails with a {@link NoHashException}. */
  CompletableFuture<PeerHash> ask(ClusterMember peer, long revision) {
    JsonObject question = new JsonObject();
    question.addProperty("revision", revision);
    CompletableFuture<PeerHash> hash =
        CompletableFuture.failedFuture(new NoHashException("no peer URL"));
    for (String url : peer.peerUrls()) {
      hash =
          hash.exceptionallyCompose(
              failure ->
                  client
                      .getWithJson(url, PATH, clusterId, question.toString())
                      .thenApply(PeerHashClient::read)
                      .toCompletableFuture());
    }
    return hash.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(new NoHashException(reason(failure))));
  }

  private static PeerHash read(PeerClient.Reply reply) {
    if (reply.status() != OK) {
      throw new NoHashException(reply.text().strip());
    }
    return PeerHash.of(reply.body());
  }

  private static String reason(Throwable failure) {
    Throwable cause = EtcdException.causeOf(failure);
    if (cause instanceof TimeoutException) {
      return "no answer in time";
    }
    return cause instanceof NoHashException ? cause.getMessage() : String.valueOf(cause);
  }

  @Override
  public CompletableFuture<List<Answer>> apply(long revision) {
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (ClusterMember peer : peers()) {
      answers.add(
          ask(peer, revision)
              .handle(
                  (hash, failure) -> {
                    if (failure != null) {
                      warn(peer, revision, failure);
                    }
                    return new Answer(peer.id(), Optional.ofNullable(hash));
                  }));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
  }

  private void warn(ClusterMember peer, long revision, Throwable failure) {
    LOG.atWarn()
        .addKeyValue("local-member-id", MemberIds.format(memberId))
        .addKeyValue("requested-revision", revision)
        .addKeyValue("remote-peer-endpoint", String.join(",", peer.peerUrls()))
        .addKeyValue("error", reason(failure))
        .log("failed hash kv request");
  }
}
