package io.sampo.tests.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.Member;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Each of etcd's 63 errors that a client can provoke, through gRPC and through JSON; the others are
 * listed with the reason why it cannot.
 */
class ErrorTableTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String PUT = " | - | KV/Put key: 'a' | kv/put {'key':'YQ=='}";

  private static Map<EtcdError, String> notFromOutside() {
    Map<EtcdError, String> reasons = new EnumMap<>(EtcdError.class);
    String gone = "told to a client that has cancelled its call, which nobody hears";
    reasons.put(EtcdError.WATCH_CANCELED, gone);
    reasons.put(EtcdError.REQUEST_CANCELED, gone);
    reasons.put(EtcdError.DEADLINE, "told when the client's deadline is over: it hears its own");
    reasons.put(EtcdError.MEMBER_EXISTS, "ids are hashes of the URLs and the time");
    reasons.put(EtcdError.CLUSTER_ID_MISMATCH, "no method of etcd 3.7.1 returns it");
    reasons.put(EtcdError.NOT_CAPABLE, "for clusters older than 3.0");
    reasons.put(EtcdError.CLUSTER_VERSION_UNAVAILABLE, "the version is there before clients are");
    reasons.put(EtcdError.NO_INFLIGHT_DOWNGRADE, "to cancel where there is none is no error");
    String moment = "a matter of milliseconds; a unit test has the moment: ";
    reasons.put(EtcdError.LEADER_CHANGED, moment + "ReadBarrierTest");
    reasons.put(EtcdError.TIMEOUT_WAIT_APPLIED_INDEX, moment + "ReadBarrierTest");
    reasons.put(EtcdError.STOPPED, moment + "PendingRequestsTest");
    reasons.put(EtcdError.TIMEOUT_DUE_TO_LEADER_FAIL, moment + "LateAnswersTest");
    reasons.put(EtcdError.TIMEOUT_DUE_TO_CONNECTION_LOST, moment + "LateAnswersTest");
    reasons.put(EtcdError.TOO_MANY_REQUESTS, moment + "ProposerTest");
    reasons.put(
        EtcdError.INVALID_CLIENT_API_VERSION, "gRPC's libraries send no header that is not ASCII");
    return reasons;
  }

  @Test
  void eachIsProvokedThroughGrpcAndThroughJson() throws IOException {
    Set<EtcdError> provoked = EnumSet.noneOf(EtcdError.class);
    provoked.addAll(ofOneMember());
    provoked.addAll(ofTwoMembers());
    Set<EtcdError> missing = EnumSet.allOf(EtcdError.class);
    missing.removeAll(provoked);
    assertEquals(notFromOutside().keySet(), missing);
  }

  private static Set<EtcdError> ofOneMember() throws IOException {
    try (TempDirectory folder = TempDirectory.create("sampo-errors")) {
      Path key = folder.path().resolve("key");
      Files.writeString(key, "0123456789abcdef".repeat(4));
      try (ServerUnderTest server =
              ServerUnderTest.start(
                  ServerProgram.underTest(),
                  "--auth-token=jwt,sign-method=HS256,ttl=10m,priv-key=" + key,
                  "--bcrypt-cost=4",
                  "--max-txn-ops=2",
                  "--max-request-bytes=2000");
          ErrorCalls calls = new ErrorCalls(server)) {
        Member first = members(calls.client()).get(0);
        Map<String, String> names =
            Map.of("$MEMBER", Long.toUnsignedString(first.getID()), "$PEER", first.getPeerURLs(0));
        calls.fails(
            EtcdError.INVALID_SORT_OPTION,
            " | - | KV/Range | kv/range {'key':'YQ==','sort_target':9}",
            RangeRequest.newBuilder().setKey(Etcd.bytes("a")).setSortTargetValue(9).build());
        calls.run("one-member.txt", names);
        Map<String, String> ids =
            Map.of(
                "$MEMBER", Long.toUnsignedString(first.getID()),
                "$LEARNER", Long.toUnsignedString(learner(calls.client()).getID()));
        calls.run("members.txt", ids);
        // The second voter has never started: nobody leads any more.
        Await.until(LIMIT, server::log, () -> !leads(calls));
        calls.failsWith(EtcdError.NO_LEADER, PUT, "hasleader", "true");
        calls.run("no-leader.txt", ids);
        return calls.provoked();
      }
    }
  }

  private static boolean leads(ErrorCalls calls) {
    return new Etcd(calls.client()).status().getLeader() != 0;
  }

  private static Member learner(GrpcClient client) {
    return members(client).stream().filter(Member::getIsLearner).findFirst().orElseThrow();
  }

  private static List<Member> members(GrpcClient client) {
    return client
        .call(
            "/etcdserverpb.Cluster/MemberList",
            MemberListRequest.getDefaultInstance(),
            MemberListResponse.getDefaultInstance())
        .getMembersList();
  }

  private static Set<EtcdError> ofTwoMembers() throws IOException {
    try (ServerUnderTest first = ServerUnderTest.start(ServerProgram.underTest());
        ServerUnderTest second =
            ServerUnderTest.joining(ServerProgram.underTest(), "m2", List.of(first));
        ErrorCalls ofFirst = new ErrorCalls(first);
        ErrorCalls ofSecond = new ErrorCalls(second)) {
      ofFirst.run("learner-joins.txt", Map.of("$PEER", second.peerUrl()));
      String id = Long.toUnsignedString(learner(ofFirst.client()).getID());
      second.start();
      ofSecond.run("learner.txt", Map.of());
      ofFirst.run("promote.txt", Map.of("$LEARNER", id));
      Await.until(LIMIT, second::log, () -> !new Etcd(ofSecond.client()).status().getIsLearner());
      ofSecond.run("follower.txt", Map.of());
      second.kill();
      ofFirst.run("unhealthy.txt", Map.of());
      Set<EtcdError> provoked = EnumSet.copyOf(ofFirst.provoked());
      provoked.addAll(ofSecond.provoked());
      return provoked;
    }
  }
}
