package io.sampo.node.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import org.junit.jupiter.api.Test;

class RequestNameTest {

  @Test
  void requestsAreCalledAsInEtcdsMetrics() {
    InternalRaftRequest.Builder none =
        InternalRaftRequest.newBuilder().setHeader(RequestHeader.newBuilder().setID(7));
    assertEquals("unknown", RequestName.of(none));
    assertEquals("Put", RequestName.of(none.clone().setPut(PutRequest.getDefaultInstance())));
    assertEquals(
        "DeleteRange",
        RequestName.of(none.clone().setDeleteRange(DeleteRangeRequest.getDefaultInstance())));
    assertEquals(
        "Alarm", RequestName.of(none.clone().setAlarm(AlarmRequest.getDefaultInstance()).build()));
    assertEquals(
        "ClusterMemberAttrSet",
        RequestName.of(
            none.clone()
                .setClusterMemberAttrSet(ClusterMemberAttrSetRequest.getDefaultInstance())));
    assertEquals(
        "AuthUserAdd",
        RequestName.of(none.clone().setAuthUserAdd(AuthUserAddRequest.getDefaultInstance())));
  }
}
