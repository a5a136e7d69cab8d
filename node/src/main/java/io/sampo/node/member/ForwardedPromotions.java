package io.sampo.node.member;

import io.sampo.node.peer.LeaderClient;
import io.sampo.node.peer.PeerClient;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.protocol.error.EtcdError;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Promotions go to the leader, who knows the learner's log (etcd 3.7.1, promoteMemberHTTP). */
public final class ForwardedPromotions implements LeaderPromotion {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION = 412;

  private final LeaderClient questions;

  public ForwardedPromotions(LeaderClient questions) {
    this.questions = questions;
  }

  @Override
  public CompletableFuture<List<ClusterMember>> promote(long id, Optional<String> token) {
    String path = "/members/promote/" + Long.toUnsignedString(id);
    return questions.ask(
        url -> questions.client().post(url, path, token), ForwardedPromotions::read);
  }

  /** Any other refusal may be over when the next leader is asked. */
  private static Optional<List<ClusterMember>> read(PeerClient.Reply reply) {
    return switch (reply.status()) {
      case OK -> members(reply.body());
      case NOT_FOUND -> throw EtcdError.MEMBER_NOT_FOUND.exception();
      case PRECONDITION -> {
        String text = reply.text();
        if (text.contains("in sync with leader")) {
          throw EtcdError.LEARNER_NOT_READY.exception();
        }
        if (text.contains("can only promote a learner member")) {
          throw EtcdError.MEMBER_NOT_LEARNER.exception();
        }
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<List<ClusterMember>> members(byte[] body) {
    try {
      return Optional.of(MemberJson.decodeAll(body));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }
}
