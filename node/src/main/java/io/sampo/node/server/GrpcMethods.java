package io.sampo.node.server;

import static io.sampo.node.edge.grpc.GrpcMethod.answering;
import static io.sampo.node.edge.grpc.GrpcMethod.encodedStream;
import static io.sampo.node.edge.grpc.GrpcMethod.large;
import static io.sampo.node.edge.grpc.GrpcMethod.serverStream;
import static io.sampo.node.edge.grpc.GrpcMethod.unary;
import static io.sampo.node.edge.grpc.GrpcMethod.waiting;

import io.sampo.node.edge.grpc.GrpcMethod;
import io.sampo.node.kv.KvService;
import io.sampo.node.lease.LeaseService;
import io.sampo.node.lock.ElectionService;
import io.sampo.node.lock.LockService;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AuthDisableRequest;
import io.sampo.protocol.etcdserverpb.AuthEnableRequest;
import io.sampo.protocol.etcdserverpb.AuthPowerApi;
import io.sampo.protocol.etcdserverpb.AuthRoleAddRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGetRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleListRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthStatusRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserChangePasswordRequest;
import io.sampo.protocol.etcdserverpb.AuthUserDeleteRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGetRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthUserListRequest;
import io.sampo.protocol.etcdserverpb.AuthUserRevokeRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.ClusterPowerApi;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.DefragmentRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.DowngradeRequest;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseLeasesRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.MaintenancePowerApi;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberPromoteRequest;
import io.sampo.protocol.etcdserverpb.MemberRemoveRequest;
import io.sampo.protocol.etcdserverpb.MemberUpdateRequest;
import io.sampo.protocol.etcdserverpb.MoveLeaderRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.healthpb.HealthCheckRequest;
import io.sampo.protocol.healthpb.HealthListRequest;
import io.sampo.protocol.healthpb.HealthPowerApi;
import io.sampo.protocol.v3electionpb.CampaignRequest;
import io.sampo.protocol.v3electionpb.LeaderRequest;
import io.sampo.protocol.v3electionpb.ProclaimRequest;
import io.sampo.protocol.v3electionpb.ResignRequest;
import io.sampo.protocol.v3lockpb.LockRequest;
import io.sampo.protocol.v3lockpb.UnlockRequest;
import java.util.List;

/** The paths of the services whose answers are generated messages. */
public final class GrpcMethods {
  private GrpcMethods() {}

  public static List<GrpcMethod> kv(KvService kv) {
    String service = "/etcdserverpb.KV/";
    return List.of(
        encodedStream(service + "RangeStream", RangeRequest.parser(), kv::rangeStreamEncoded),
        unary(service + "Put", PutRequest.parser(), kv::put),
        large(service + "DeleteRange", DeleteRangeRequest.parser(), kv::deleteRange),
        large(service + "Txn", TxnRequest.parser(), kv::txn),
        unary(service + "Compact", CompactionRequest.parser(), kv::compact));
  }

  public static List<GrpcMethod> lease(LeaseService lease) {
    String service = "/etcdserverpb.Lease/";
    return List.of(
        unary(service + "LeaseGrant", LeaseGrantRequest.parser(), lease::leaseGrant),
        unary(service + "LeaseRevoke", LeaseRevokeRequest.parser(), lease::leaseRevoke),
        answering(service + "LeaseKeepAlive", LeaseKeepAliveRequest.parser(), lease::keepAlive),
        large(service + "LeaseTimeToLive", LeaseTimeToLiveRequest.parser(), lease::leaseTimeToLive),
        large(service + "LeaseLeases", LeaseLeasesRequest.parser(), lease::leaseLeases));
  }

  public static List<GrpcMethod> cluster(ClusterPowerApi cluster) {
    String service = "/etcdserverpb.Cluster/";
    return List.of(
        unary(service + "MemberAdd", MemberAddRequest.parser(), cluster::memberAdd),
        unary(service + "MemberRemove", MemberRemoveRequest.parser(), cluster::memberRemove),
        unary(service + "MemberUpdate", MemberUpdateRequest.parser(), cluster::memberUpdate),
        unary(service + "MemberList", MemberListRequest.parser(), cluster::memberList),
        unary(service + "MemberPromote", MemberPromoteRequest.parser(), cluster::memberPromote));
  }

  public static List<GrpcMethod> maintenance(MaintenancePowerApi maintenance) {
    String service = "/etcdserverpb.Maintenance/";
    return List.of(
        unary(service + "Alarm", AlarmRequest.parser(), maintenance::alarm),
        unary(service + "Status", StatusRequest.parser(), maintenance::status),
        unary(service + "Defragment", DefragmentRequest.parser(), maintenance::defragment),
        unary(service + "Hash", HashRequest.parser(), maintenance::hash),
        unary(service + "HashKV", HashKVRequest.parser(), maintenance::hashKV),
        serverStream(service + "Snapshot", SnapshotRequest.parser(), maintenance::snapshot),
        unary(service + "MoveLeader", MoveLeaderRequest.parser(), maintenance::moveLeader),
        unary(service + "Downgrade", DowngradeRequest.parser(), maintenance::downgrade));
  }

  public static List<GrpcMethod> auth(AuthPowerApi auth) {
    String service = "/etcdserverpb.Auth/";
    return List.of(
        unary(service + "AuthEnable", AuthEnableRequest.parser(), auth::authEnable),
        unary(service + "AuthDisable", AuthDisableRequest.parser(), auth::authDisable),
        unary(service + "AuthStatus", AuthStatusRequest.parser(), auth::authStatus),
        unary(service + "Authenticate", AuthenticateRequest.parser(), auth::authenticate),
        unary(service + "UserAdd", AuthUserAddRequest.parser(), auth::userAdd),
        unary(service + "UserGet", AuthUserGetRequest.parser(), auth::userGet),
        unary(service + "UserList", AuthUserListRequest.parser(), auth::userList),
        unary(service + "UserDelete", AuthUserDeleteRequest.parser(), auth::userDelete),
        unary(
            service + "UserChangePassword",
            AuthUserChangePasswordRequest.parser(),
            auth::userChangePassword),
        unary(service + "UserGrantRole", AuthUserGrantRoleRequest.parser(), auth::userGrantRole),
        unary(service + "UserRevokeRole", AuthUserRevokeRoleRequest.parser(), auth::userRevokeRole),
        unary(service + "RoleAdd", AuthRoleAddRequest.parser(), auth::roleAdd),
        unary(service + "RoleGet", AuthRoleGetRequest.parser(), auth::roleGet),
        unary(service + "RoleList", AuthRoleListRequest.parser(), auth::roleList),
        unary(service + "RoleDelete", AuthRoleDeleteRequest.parser(), auth::roleDelete),
        unary(
            service + "RoleGrantPermission",
            AuthRoleGrantPermissionRequest.parser(),
            auth::roleGrantPermission),
        unary(
            service + "RoleRevokePermission",
            AuthRoleRevokePermissionRequest.parser(),
            auth::roleRevokePermission));
  }

  public static List<GrpcMethod> lock(LockService lock) {
    String service = "/v3lockpb.Lock/";
    return List.of(
        waiting(service + "Lock", LockRequest.parser(), lock::lock),
        unary(service + "Unlock", UnlockRequest.parser(), lock::unlock));
  }

  public static List<GrpcMethod> election(ElectionService election) {
    String service = "/v3electionpb.Election/";
    return List.of(
        waiting(service + "Campaign", CampaignRequest.parser(), election::campaign),
        unary(service + "Proclaim", ProclaimRequest.parser(), election::proclaim),
        unary(service + "Leader", LeaderRequest.parser(), election::leader),
        serverStream(service + "Observe", LeaderRequest.parser(), election::observe),
        unary(service + "Resign", ResignRequest.parser(), election::resign));
  }

  public static List<GrpcMethod> health(HealthPowerApi health) {
    String service = "/grpc.health.v1.Health/";
    return List.of(
        unary(service + "Check", HealthCheckRequest.parser(), health::check),
        serverStream(service + "Watch", HealthCheckRequest.parser(), health::watch),
        unary(service + "List", HealthListRequest.parser(), health::list));
  }
}
