package io.sampo.tests.compare;

import static io.sampo.tests.grpc.Etcd.bytes;

import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.DefragmentRequest;
import io.sampo.protocol.etcdserverpb.DefragmentResponse;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashKVResponse;
import io.sampo.protocol.etcdserverpb.HashRequest;
import io.sampo.protocol.etcdserverpb.HashResponse;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.StatusRequest;
import io.sampo.protocol.etcdserverpb.StatusResponse;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.List;

/** Maintenance and Cluster, the alarm's effect on writes included. */
final class OperationSteps {

  private static final String MAINTENANCE = "/etcdserverpb.Maintenance/";

  private final List<Step> steps = new ArrayList<>();

  private OperationSteps() {}

  static List<Step> all() {
    OperationSteps all = new OperationSteps();
    all.state();
    all.alarms();
    all.calls();
    return all.steps;
  }

  private void add(String name, String method, Message.Builder request, Message answer) {
    Message built = request.build();
    steps.add(
        new Step(
            "maintenance/" + name, target -> target.unary(MAINTENANCE + method, built, answer)));
  }

  private void state() {
    add("status", "Status", StatusRequest.newBuilder(), StatusResponse.getDefaultInstance());
    add("hash", "Hash", HashRequest.newBuilder(), HashResponse.getDefaultInstance());
    for (long revision : new long[] {0, -1, 3, 9, 10, 20, 100_000}) {
      add(
          "hashkv " + revision,
          "HashKV",
          HashKVRequest.newBuilder().setRevision(revision),
          HashKVResponse.getDefaultInstance());
    }
    add(
        "defragment",
        "Defragment",
        DefragmentRequest.newBuilder(),
        DefragmentResponse.getDefaultInstance());
    for (boolean linearizable : new boolean[] {false, true}) {
      MemberListRequest request =
          MemberListRequest.newBuilder().setLinearizable(linearizable).build();
      steps.add(
          new Step(
              "cluster/member list " + linearizable,
              target ->
                  target.unary(
                      "/etcdserverpb.Cluster/MemberList",
                      request,
                      MemberListResponse.getDefaultInstance())));
    }
  }

  private void alarm(String name, AlarmRequest.Builder request) {
    add("alarm/" + name, "Alarm", request, AlarmResponse.getDefaultInstance());
  }

  private static AlarmRequest.Builder noSpace(AlarmRequest.AlarmAction action) {
    return AlarmRequest.newBuilder().setAction(action).setAlarm(AlarmType.NOSPACE);
  }

  private void alarms() {
    alarm("list", AlarmRequest.newBuilder());
    alarm("activate none", AlarmRequest.newBuilder().setAction(AlarmRequest.AlarmAction.ACTIVATE));
    alarm("activate", noSpace(AlarmRequest.AlarmAction.ACTIVATE).setMemberID(5));
    alarm("activate again", noSpace(AlarmRequest.AlarmAction.ACTIVATE).setMemberID(5));
    alarm("list one", AlarmRequest.newBuilder());
    alarm("list another member's", AlarmRequest.newBuilder().setMemberID(6));
    add(
        "status with alarm",
        "Status",
        StatusRequest.newBuilder(),
        StatusResponse.getDefaultInstance());
    RequestOp.Builder put =
        RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(bytes("full")));
    RequestOp.Builder range =
        RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(bytes("a")));
    steps.add(KeyValueSteps.put("while full", PutRequest.newBuilder().setKey(bytes("full"))));
    steps.add(KeyValueSteps.put("bad while full", PutRequest.newBuilder()));
    steps.add(KeyValueSteps.txn("put while full", TxnRequest.newBuilder().addFailure(put)));
    steps.add(KeyValueSteps.txn("read while full", TxnRequest.newBuilder().addSuccess(range)));
    steps.add(
        KeyValueSteps.delete("while full", DeleteRangeRequest.newBuilder().setKey(bytes("s"))));
    steps.add(
        new Step(
            "lease/grant while full",
            target ->
                target.unary(
                    "/etcdserverpb.Lease/LeaseGrant",
                    LeaseGrantRequest.newBuilder().setID(5).setTTL(100).build(),
                    LeaseGrantResponse.getDefaultInstance())));
    steps.add(new Step("http/health while full", target -> target.http("GET", "/health", "")));
    steps.add(
        new Step(
            "http/health without NOSPACE",
            target -> target.http("GET", "/health?exclude=NOSPACE", "")));
    alarm("disarm", noSpace(AlarmRequest.AlarmAction.DEACTIVATE).setMemberID(5));
    alarm("disarm again", noSpace(AlarmRequest.AlarmAction.DEACTIVATE).setMemberID(5));
    steps.add(KeyValueSteps.put("after full", PutRequest.newBuilder().setKey(bytes("full"))));
  }

  private void calls() {
    for (String path : List.of("/etcdserverpb.KV/Nope", "/no.Service/Nope")) {
      steps.add(
          new Step(
              "grpc" + path,
              target ->
                  target.unary(
                      path,
                      RangeRequest.getDefaultInstance(),
                      StatusResponse.getDefaultInstance())));
    }
    steps.add(
        new Step(
            "grpc/health",
            target ->
                target.unary(
                    "/grpc.health.v1.Health/Check",
                    io.sampo.protocol.healthpb.HealthCheckRequest.getDefaultInstance(),
                    io.sampo.protocol.healthpb.HealthCheckResponse.getDefaultInstance())));
  }
}
