package io.sampo.node.api;

import io.grpc.Status;
import io.sampo.node.apply.PublishedState;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.ClusterPowerApi;
import io.sampo.protocol.etcdserverpb.Member;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberAddResponse;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.protocol.etcdserverpb.MemberPromoteRequest;
import io.sampo.protocol.etcdserverpb.MemberPromoteResponse;
import io.sampo.protocol.etcdserverpb.MemberRemoveRequest;
import io.sampo.protocol.etcdserverpb.MemberRemoveResponse;
import io.sampo.protocol.etcdserverpb.MemberUpdateRequest;
import io.sampo.protocol.etcdserverpb.MemberUpdateResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.grpc.javadsl.Metadata;

/** etcd's Cluster service: who the members are. Changing them is refused until peers can be had. */
public final class ClusterService implements ClusterPowerApi {
  private static final EtcdException NOT_THERE =
      new EtcdException(
          Status.Code.UNIMPLEMENTED,
          "sampo: changing the members is not there yet, the cluster was not changed");

  private final RequestGate gate;
  private final PublishedState state;
  private final ResponseHeaders headers;

  public ClusterService(RequestGate gate, PublishedState state, ResponseHeaders headers) {
    this.gate = gate;
    this.state = state;
    this.headers = headers;
  }

  @Override
  public CompletionStage<MemberListResponse> memberList(
      MemberListRequest request, Metadata metadata) {
    CompletableFuture<Void> ready =
        request.getLinearizable() ? gate.linearizable() : CompletableFuture.completedFuture(null);
    return ready.thenApply(
        done ->
            MemberListResponse.newBuilder()
                .setHeader(headers.withoutRevision())
                .addAllMembers(members())
                .build());
  }

  private List<Member> members() {
    return state.get().cluster().memberList().stream().map(ClusterService::message).toList();
  }

  private static Member message(ClusterMember member) {
    return Member.newBuilder()
        .setID(member.id())
        .setName(member.name())
        .addAllPeerURLs(member.peerUrls())
        .addAllClientURLs(member.clientUrls())
        .setIsLearner(member.learner())
        .build();
  }

  @Override
  public CompletionStage<MemberAddResponse> memberAdd(MemberAddRequest request, Metadata metadata) {
    return CompletableFuture.failedFuture(NOT_THERE);
  }

  @Override
  public CompletionStage<MemberRemoveResponse> memberRemove(
      MemberRemoveRequest request, Metadata metadata) {
    return CompletableFuture.failedFuture(NOT_THERE);
  }

  @Override
  public CompletionStage<MemberUpdateResponse> memberUpdate(
      MemberUpdateRequest request, Metadata metadata) {
    return CompletableFuture.failedFuture(NOT_THERE);
  }

  @Override
  public CompletionStage<MemberPromoteResponse> memberPromote(
      MemberPromoteRequest request, Metadata metadata) {
    return CompletableFuture.failedFuture(NOT_THERE);
  }
}
