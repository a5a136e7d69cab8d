package io.sampo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.sampo.protocol.apipb.AnnotationsProto;
import io.sampo.protocol.apipb.HttpRule;
import io.sampo.protocol.etcdserverpb.RpcProto;
import io.sampo.protocol.v3electionpb.V3Election;
import io.sampo.protocol.v3lockpb.V3Lock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The services against etcd 3.7.1's list of RPCs, their kinds and their HTTP paths. */
class ServicesTest {
  private static final String EXPECTED =
      """
      KV.Range unary /v3/kv/range
      KV.RangeStream server -
      KV.Put unary /v3/kv/put
      KV.DeleteRange unary /v3/kv/deleterange
      KV.Txn unary /v3/kv/txn
      KV.Compact unary /v3/kv/compaction
      Watch.Watch bidi /v3/watch
      Lease.LeaseGrant unary /v3/lease/grant
      Lease.LeaseRevoke unary /v3/lease/revoke /v3/kv/lease/revoke
      Lease.LeaseKeepAlive bidi /v3/lease/keepalive
      Lease.LeaseTimeToLive unary /v3/lease/timetolive /v3/kv/lease/timetolive
      Lease.LeaseLeases unary /v3/lease/leases /v3/kv/lease/leases
      Cluster.MemberAdd unary /v3/cluster/member/add
      Cluster.MemberRemove unary /v3/cluster/member/remove
      Cluster.MemberUpdate unary /v3/cluster/member/update
      Cluster.MemberList unary /v3/cluster/member/list
      Cluster.MemberPromote unary /v3/cluster/member/promote
      Maintenance.Alarm unary /v3/maintenance/alarm
      Maintenance.Status unary /v3/maintenance/status
      Maintenance.Defragment unary /v3/maintenance/defragment
      Maintenance.Hash unary /v3/maintenance/hash
      Maintenance.HashKV unary /v3/maintenance/hashkv
      Maintenance.Snapshot server /v3/maintenance/snapshot
      Maintenance.MoveLeader unary /v3/maintenance/transfer-leadership
      Maintenance.Downgrade unary /v3/maintenance/downgrade
      Auth.AuthEnable unary /v3/auth/enable
      Auth.AuthDisable unary /v3/auth/disable
      Auth.AuthStatus unary /v3/auth/status
      Auth.Authenticate unary /v3/auth/authenticate
      Auth.UserAdd unary /v3/auth/user/add
      Auth.UserGet unary /v3/auth/user/get
      Auth.UserList unary /v3/auth/user/list
      Auth.UserDelete unary /v3/auth/user/delete
      Auth.UserChangePassword unary /v3/auth/user/changepw
      Auth.UserGrantRole unary /v3/auth/user/grant
      Auth.UserRevokeRole unary /v3/auth/user/revoke
      Auth.RoleAdd unary /v3/auth/role/add
      Auth.RoleGet unary /v3/auth/role/get
      Auth.RoleList unary /v3/auth/role/list
      Auth.RoleDelete unary /v3/auth/role/delete
      Auth.RoleGrantPermission unary /v3/auth/role/grant
      Auth.RoleRevokePermission unary /v3/auth/role/revoke
      Lock.Lock unary /v3/lock/lock
      Lock.Unlock unary /v3/lock/unlock
      Election.Campaign unary /v3/election/campaign
      Election.Proclaim unary /v3/election/proclaim
      Election.Leader unary /v3/election/leader
      Election.Observe server /v3/election/observe
      Election.Resign unary /v3/election/resign
      """;

  @Test
  void everyRpcOfEtcdIsThereAndBoundToItsPath() throws InvalidProtocolBufferException {
    List<String> found = new ArrayList<>();
    for (FileDescriptor file :
        List.of(RpcProto.getDescriptor(), V3Lock.getDescriptor(), V3Election.getDescriptor())) {
      for (ServiceDescriptor service : file.getServices()) {
        for (MethodDescriptor method : service.getMethods()) {
          found.add(service.getName() + "." + method.getName() + " " + describe(method));
        }
      }
    }
    assertEquals(EXPECTED, String.join("\n", found) + "\n");
  }

  private static String describe(MethodDescriptor method) throws InvalidProtocolBufferException {
    String kind =
        method.isClientStreaming() ? "bidi" : method.isServerStreaming() ? "server" : "unary";
    ExtensionRegistry extensions = ExtensionRegistry.newInstance();
    AnnotationsProto.registerAllExtensions(extensions);
    MethodOptions options =
        MethodOptions.parseFrom(method.toProto().getOptions().toByteString(), extensions);
    if (!options.hasExtension(AnnotationsProto.http)) {
      return kind + " -";
    }
    HttpRule rule = options.getExtension(AnnotationsProto.http);
    StringBuilder text = new StringBuilder(kind + " " + rule.getPost());
    rule.getAdditionalBindingsList().forEach(more -> text.append(' ').append(more.getPost()));
    return text.toString();
  }
}
