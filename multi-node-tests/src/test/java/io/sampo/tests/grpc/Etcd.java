package io.sampo.tests.grpc;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.CompactionResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeResponse;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseLeasesRequest;
import io.sampo.protocol.etcdserverpb.LeaseLeasesResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.MoveLeaderRequest;
import io.sampo.protocol.etcdserverpb.MoveLeaderResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.StatusResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.TxnResponse;
import io.sampo.protocol.etcdserverpb.WatchResponse;

/** etcd's methods by their names, over one {@link GrpcClient}. */
public record Etcd(GrpcClient client) {

  public PutResponse put(PutRequest.Builder request) {
    return client.call("/etcdserverpb.KV/Put", request.build(), PutResponse.getDefaultInstance());
  }

  public RangeResponse range(RangeRequest.Builder request) {
    return client.call(
        "/etcdserverpb.KV/Range", request.build(), RangeResponse.getDefaultInstance());
  }

  public DeleteRangeResponse delete(DeleteRangeRequest.Builder request) {
    return client.call(
        "/etcdserverpb.KV/DeleteRange", request.build(), DeleteRangeResponse.getDefaultInstance());
  }

  public TxnResponse txn(TxnRequest.Builder request) {
    return client.call("/etcdserverpb.KV/Txn", request.build(), TxnResponse.getDefaultInstance());
  }

  public CompactionResponse compact(CompactionRequest.Builder request) {
    return client.call(
        "/etcdserverpb.KV/Compact", request.build(), CompactionResponse.getDefaultInstance());
  }

  public LeaseGrantResponse grant(long id, long seconds) {
    return client.call(
        "/etcdserverpb.Lease/LeaseGrant",
        LeaseGrantRequest.newBuilder().setID(id).setTTL(seconds).build(),
        LeaseGrantResponse.getDefaultInstance());
  }

  public LeaseRevokeResponse revoke(long id) {
    return client.call(
        "/etcdserverpb.Lease/LeaseRevoke",
        LeaseRevokeRequest.newBuilder().setID(id).build(),
        LeaseRevokeResponse.getDefaultInstance());
  }

  public LeaseLeasesResponse leases() {
    return client.call(
        "/etcdserverpb.Lease/LeaseLeases",
        LeaseLeasesRequest.getDefaultInstance(),
        LeaseLeasesResponse.getDefaultInstance());
  }

  public StatusResponse status() {
    return client.call(
        "/etcdserverpb.Maintenance/Status",
        StatusRequest.getDefaultInstance(),
        StatusResponse.getDefaultInstance());
  }

  /** Of the member with this id. */
  public MoveLeaderResponse moveLeader(long id) {
    return client.call(
        "/etcdserverpb.Maintenance/MoveLeader",
        MoveLeaderRequest.newBuilder().setTargetID(id).build(),
        MoveLeaderResponse.getDefaultInstance());
  }

  public GrpcStream<LeaseKeepAliveResponse> keepAlive() {
    return client.stream(
        "/etcdserverpb.Lease/LeaseKeepAlive", LeaseKeepAliveResponse.getDefaultInstance());
  }

  public GrpcStream<WatchResponse> watch() {
    return client.stream("/etcdserverpb.Watch/Watch", WatchResponse.getDefaultInstance());
  }

  /** Text as the bytes of a key or a value. */
  public static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
