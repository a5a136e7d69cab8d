package io.sampo.node.adopt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.raft.core.LogPosition;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.ClusterState;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.node.state.membership.MembershipRules;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.Request;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import io.sampo.protocol.raftpb.Entry;
import io.sampo.protocol.raftpb.EntryType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogSurveyTest {
  private static final ClusterMember ONE =
      new ClusterMember(1, List.of("http://one:2380"), false, "", List.of());

  private final Entry add = change(1, ConfChangeType.ConfChangeAddNode, ONE);

  @Test
  void theMembersAreThoseOfTheDatabasesEnd() throws IOException {
    LogSurvey survey = survey(LogPosition.ZERO, 3, 5_000);
    survey.accept(add);
    survey.accept(v2(2, "/0/members/1/attributes", "{\"name\":\"m1\"}"));
    survey.accept(v2(3, "/0/version", "3.4.0"));
    survey.accept(v2(4, "/0/members/1/attributes", "{\"name\":\"later\"}"));
    survey.accept(
        change(
            5,
            ConfChangeType.ConfChangeAddNode,
            new ClusterMember(2, List.of("http://two:2380"), false, "", List.of())));
    ClusterState cluster = survey.cluster().orElseThrow();
    assertEquals("m1", cluster.member(1).name());
    assertEquals(List.of(1L), cluster.confState().getVotersList());
    assertEquals(Optional.of("3.4.0"), cluster.clusterVersion());
    assertEquals(new LogPosition(2, 3), survey.atDatabaseEnd());
    assertEquals(new LogPosition(2, 5), survey.last());
  }

  /** The same change twice: the second one is vetoed, as it was in etcd. */
  @Test
  void aVetoedChangeChangesNothing() throws IOException {
    LogSurvey survey = survey(LogPosition.ZERO, 2, 5_000);
    survey.accept(add);
    survey.accept(add.toBuilder().setIndex(2).build());
    assertEquals(1, survey.cluster().orElseThrow().memberList().size());
  }

  @Test
  void onlyTheEndOfWhatTheDatabaseHasIsKept() throws IOException {
    LogSurvey survey = survey(new LogPosition(1, 10), 20, 4);
    for (int index = 11; index <= 22; index++) {
      survey.accept(entry(index));
    }
    assertEquals(new LogPosition(2, 16), survey.beforeKept());
    assertEquals(new LogPosition(2, 20), survey.atDatabaseEnd());
  }

  @Test
  void withoutEntriesTheSnapshotIsTheEnd() {
    LogSurvey survey = survey(new LogPosition(1, 3), 3, 5_000);
    assertEquals(new LogPosition(1, 3), survey.last());
    assertEquals(new LogPosition(1, 3), survey.atDatabaseEnd());
    assertEquals(new LogPosition(1, 3), survey.beforeKept());
  }

  @Test
  void aPlainPasswordIsRefusedOnlyIfTheDatabaseLacksIt() throws IOException {
    Entry user = user(AuthUserAddRequest.newBuilder().setName("root").setPassword("secret"));
    LogSurvey within = survey(LogPosition.ZERO, 1, 5_000);
    within.accept(user);
    assertTrue(within.obstacle().isEmpty());
    LogSurvey later = survey(LogPosition.ZERO, 0, 5_000);
    later.accept(user);
    String obstacle = later.obstacle().orElseThrow();
    assertTrue(obstacle.startsWith("entry 1 of its log has a password in plain text"), obstacle);
    LogSurvey hashed = survey(LogPosition.ZERO, 0, 5_000);
    hashed.accept(user(AuthUserAddRequest.newBuilder().setName("root").setHashedPassword("aa==")));
    assertTrue(hashed.obstacle().isEmpty());
  }

  private static Entry user(AuthUserAddRequest.Builder request) {
    return entry(1).toBuilder()
        .setData(InternalRaftRequest.newBuilder().setAuthUserAdd(request).build().toByteString())
        .build();
  }

  @Test
  void garbageIsRefused() {
    LogSurvey survey = survey(LogPosition.ZERO, 1, 5_000);
    ByteString garbage = ByteString.copyFrom(new byte[] {(byte) 0xff, 0, 7});
    Entry request = entry(1).toBuilder().setData(garbage).build();
    assertThrows(IOException.class, () -> survey.accept(request));
    Entry change = request.toBuilder().setType(EntryType.EntryConfChange).build();
    assertThrows(IOException.class, () -> survey.accept(change));
    Entry joint = request.toBuilder().setType(EntryType.EntryConfChangeV2).build();
    assertThrows(IOException.class, () -> survey.accept(joint));
    // Attributes of a member that never was.
    assertThrows(IOException.class, () -> survey.accept(v2(1, "/0/members/9/attributes", "{}")));
  }

  private static LogSurvey survey(LogPosition base, long databaseEnd, long catchUpEntries) {
    return new LogSurvey(
        base, Optional.of(ClusterState.EMPTY), databaseEnd, catchUpEntries, new MembershipRules(1));
  }

  private static Entry entry(long index) {
    return Entry.newBuilder().setTerm(2).setIndex(index).build();
  }

  private static Entry v2(long index, String path, String value) {
    return entry(index).toBuilder()
        .setData(
            Request.newBuilder()
                .setID(index)
                .setMethod("PUT")
                .setPath(path)
                .setVal(value)
                .build()
                .toByteString())
        .build();
  }

  private static Entry change(long index, ConfChangeType type, ClusterMember member) {
    return entry(index).toBuilder()
        .setType(EntryType.EntryConfChange)
        .setData(
            ConfChange.newBuilder()
                .setType(type)
                .setNodeId(member.id())
                .setContext(ByteString.copyFrom(MemberJson.encode(member)))
                .build()
                .toByteString())
        .build();
  }
}
