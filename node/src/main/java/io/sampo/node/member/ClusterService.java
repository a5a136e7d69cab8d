package io.sampo.node.member;

import io.sampo.node.auth.AccessGate;
import io.sampo.node.auth.Callers;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.state.PublishedState;
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

/** etcd's Cluster service: who the members are, and how they change. */
public final class ClusterService implements ClusterPowerApi {
  private final RequestGate gate;
  private final AccessGate access;
  private final MemberChanges changes;
  private final MemberFactory factory;
  private final PublishedState state;
  private final ResponseHeaders headers;

  public ClusterService(
      RequestGate gate,
      AccessGate access,
      MemberChanges changes,
      MemberFactory factory,
      PublishedState state,
      ResponseHeaders headers) {
    this.gate = gate;
    this.access = access;
    this.changes = changes;
    this.factory = factory;
    this.state = state;
    this.headers = headers;
  }

  @Override
  public CompletionStage<MemberListResponse> memberList(
      MemberListRequest request, Metadata metadata) {
    CompletableFuture<Void> ready =
        request.getLinearizable() ? gate.linearizable() : CompletableFuture.completedFuture(null);
    return ready
        .thenCompose(done -> access.somebody(metadata))
        .thenApply(
            may ->
                MemberListResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .addAllMembers(messages(state.get().cluster().memberList()))
                    .build());
  }

  private static List<Member> messages(List<ClusterMember> members) {
    return members.stream().map(ClusterService::message).toList();
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
    ClusterMember member;
    try {
      member = factory.member(request.getPeerURLsList(), request.getIsLearner());
    } catch (EtcdException badUrls) {
      return CompletableFuture.failedFuture(badUrls);
    }
    return access
        .admin(metadata)
        .thenCompose(may -> changes.add(member))
        .thenApply(
            members ->
                MemberAddResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .setMember(message(member))
                    .addAllMembers(messages(members))
                    .build());
  }

  @Override
  public CompletionStage<MemberRemoveResponse> memberRemove(
      MemberRemoveRequest request, Metadata metadata) {
    return access
        .admin(metadata)
        .thenCompose(may -> changes.remove(request.getID()))
        .thenApply(
            members ->
                MemberRemoveResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .addAllMembers(messages(members))
                    .build());
  }

  /** etcd does not look at the URLs, and dies of bad ones when it applies them. */
  @Override
  public CompletionStage<MemberUpdateResponse> memberUpdate(
      MemberUpdateRequest request, Metadata metadata) {
    return access
        .admin(metadata)
        .thenCompose(may -> update(request))
        .thenApply(
            members ->
                MemberUpdateResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .addAllMembers(messages(members))
                    .build());
  }

  private CompletableFuture<List<ClusterMember>> update(MemberUpdateRequest request) {
    if (state.get().cluster().member(request.getID()) != null) {
      factory.checkUrls(request.getPeerURLsList());
    }
    return changes.update(request.getID(), request.getPeerURLsList());
  }

  @Override
  public CompletionStage<MemberPromoteResponse> memberPromote(
      MemberPromoteRequest request, Metadata metadata) {
    return access
        .admin(metadata)
        .thenCompose(may -> changes.promote(request.getID(), Callers.token(metadata)))
        .thenApply(
            members ->
                MemberPromoteResponse.newBuilder()
                    .setHeader(headers.withoutRevision())
                    .addAllMembers(messages(members))
                    .build());
  }
}
