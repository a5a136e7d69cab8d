package io.sampo.node.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.DowngradeState;
import io.sampo.node.state.membership.MemberJson;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.membershippb.Attributes;
import io.sampo.protocol.membershippb.ClusterMemberAttrSetRequest;
import io.sampo.protocol.membershippb.ClusterVersionSetRequest;
import io.sampo.protocol.membershippb.DowngradeInfoSetRequest;
import io.sampo.protocol.raftpb.ConfChange;
import io.sampo.protocol.raftpb.ConfChangeType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of membership changes, etcd 3.7.1's membership/cluster.go. */
class MembershipTest {
  /** A real etcd member id: above the largest signed number. */
  private static final long ONE = Long.parseUnsignedLong("e2cb0d5a74f1f5ba", 16);

  private final StateMachine state = new StateMachine(StateSettings.DEFAULT);
  private long index;

  @BeforeEach
  void oneMember() {
    add(ONE, "http://one");
  }

  @Test
  void addedMembersVoteInTheOrderOfTheirUnsignedIds() {
    add(5, "http://five");
    assertEquals(List.of(5L, ONE), state.cluster().confState().getVotersList());
    assertEquals(List.of("http://five"), state.cluster().member(5).peerUrls());
    assertFalse(state.cluster().member(5).isStarted());
  }

  @Test
  void aMemberCannotBeAddedTwiceNorTakeAnothersUrl() {
    fails(EtcdError.MEMBER_EXISTS, addition(ONE, "http://two", false));
    fails(EtcdError.PEER_URL_EXISTS, addition(5, "http://one", false));
  }

  @Test
  void aRemovedMemberNeverComesBack() {
    add(5, "http://five");
    apply(change(ConfChangeType.ConfChangeRemoveNode, 5, new byte[0]));
    assertNull(state.cluster().member(5));
    assertEquals(List.of(ONE), state.cluster().confState().getVotersList());
    fails(EtcdError.MEMBER_NOT_FOUND, addition(5, "http://six", false));
    fails(EtcdError.MEMBER_NOT_FOUND, change(ConfChangeType.ConfChangeRemoveNode, 9, new byte[0]));
  }

  @Test
  void oneLearnerIsAllowedAndPromotionMakesItAVoter() {
    apply(addition(5, "http://five", true));
    assertEquals(List.of(5L), state.cluster().confState().getLearnersList());
    fails(EtcdError.TOO_MANY_LEARNERS, addition(6, "http://six", true));
    apply(promotion(5));
    assertEquals(List.of(5L, ONE), state.cluster().confState().getVotersList());
    assertFalse(state.cluster().member(5).learner());
    fails(EtcdError.MEMBER_NOT_LEARNER, promotion(5));
    fails(EtcdError.MEMBER_NOT_FOUND, promotion(9));
  }

  @Test
  void anUpdateChangesPeerUrlsAndNothingElse() {
    attributes(ONE, "s1", "http://client");
    apply(update(ONE, "http://new"));
    ClusterMember member = state.cluster().member(ONE);
    assertEquals(
        new ClusterMember(ONE, List.of("http://new"), false, "s1", List.of("http://client")),
        member);
    add(5, "http://five");
    fails(EtcdError.PEER_URL_EXISTS, update(5, "http://new"));
    fails(EtcdError.MEMBER_NOT_FOUND, update(9, "http://nine"));
  }

  @Test
  void attributesOfARemovedMemberAreIgnoredAndOfAnUnknownOneAreABrokenLog() {
    add(5, "http://five");
    apply(change(ConfChangeType.ConfChangeRemoveNode, 5, new byte[0]));
    attributes(5, "late", "http://late");
    assertNull(state.cluster().member(5));
    assertThrows(IllegalStateException.class, () -> attributes(9, "x", "http://x"));
  }

  @Test
  void versionAndDowngradeAreKept() {
    apply(
        InternalRaftRequest.newBuilder()
            .setClusterVersionSet(ClusterVersionSetRequest.newBuilder().setVer("3.7.0"))
            .build());
    apply(
        InternalRaftRequest.newBuilder()
            .setDowngradeInfoSet(
                DowngradeInfoSetRequest.newBuilder().setEnabled(true).setVer("3.6.0"))
            .build());
    assertEquals(Optional.of("3.7.0"), state.cluster().clusterVersion());
    assertEquals(Optional.of(new DowngradeState(true, "3.6.0")), state.cluster().downgrade());
  }

  @Test
  void membersAreWrittenAsEtcdWritesThem() {
    attributes(ONE, "s1", "http://127.0.0.1:33001");
    assertEquals(
        "{\"id\":16342170355004208570,\"peerURLs\":[\"http://one\"],\"name\":\"s1\","
            + "\"clientURLs\":[\"http://127.0.0.1:33001\"]}",
        new String(MemberJson.encode(state.cluster().member(ONE)), UTF_8));
    ClusterMember learner = new ClusterMember(7, List.of("a"), true, "", List.of());
    String json = new String(MemberJson.encode(learner), UTF_8);
    assertEquals("{\"id\":7,\"peerURLs\":[\"a\"],\"isLearner\":true}", json);
    assertEquals(new MemberJson.Change(learner, false), MemberJson.decode(json.getBytes(UTF_8)));
    assertEquals(List.of(learner), MemberJson.decodeAll(("[" + json + "]\n").getBytes(UTF_8)));
    String promotion = new String(MemberJson.encodePromotion(7), UTF_8);
    assertEquals("{\"id\":7,\"peerURLs\":null,\"isPromote\":true}", promotion);
    assertTrue(MemberJson.decode(promotion.getBytes(UTF_8)).promote());
    assertEquals("[" + json + "]", new String(MemberJson.encodeAll(List.of(learner)), UTF_8));
    assertThrows(IllegalArgumentException.class, () -> MemberJson.decodeAll("{}".getBytes(UTF_8)));
    assertThrows(IllegalArgumentException.class, () -> MemberJson.decode("[]".getBytes(UTF_8)));
  }

  @Test
  void whatCouldMisleadHtmlIsEscapedAsGoDoesIt() {
    ClusterMember member =
        new ClusterMember(7, List.of("http://a/?b='1'&c"), false, "<s>", List.of());
    byte[] json = MemberJson.encode(member);
    assertEquals(
        "{\"id\":7,\"peerURLs\":[\"http://a/?b='1'\\u0026c\"],\"name\":\"\\u003cs\\u003e\"}",
        new String(json, UTF_8));
    assertEquals(member, MemberJson.decode(json).member());
  }

  private void add(long id, String url) {
    apply(addition(id, url, false));
  }

  private static ConfChange addition(long id, String url, boolean learner) {
    ClusterMember member = new ClusterMember(id, List.of(url), learner, "", List.of());
    return change(
        learner ? ConfChangeType.ConfChangeAddLearnerNode : ConfChangeType.ConfChangeAddNode,
        id,
        MemberJson.encode(member));
  }

  private static ConfChange promotion(long id) {
    return change(ConfChangeType.ConfChangeAddNode, id, MemberJson.encodePromotion(id));
  }

  private static ConfChange update(long id, String url) {
    ClusterMember member = new ClusterMember(id, List.of(url), false, "", List.of());
    return change(ConfChangeType.ConfChangeUpdateNode, id, MemberJson.encode(member));
  }

  private static ConfChange change(ConfChangeType type, long id, byte[] context) {
    return ConfChange.newBuilder()
        .setType(type)
        .setNodeId(id)
        .setContext(ByteString.copyFrom(context))
        .build();
  }

  private void apply(ConfChange change) {
    assertNull(state.applyMembership(change, ++index, 1).error());
  }

  private void apply(InternalRaftRequest request) {
    assertTrue(state.apply(request, ++index, 1).applied());
  }

  private void fails(EtcdError error, ConfChange change) {
    var before = state.cluster();
    assertEquals(error.exception(), state.applyMembership(change, ++index, 1).error());
    assertEquals(before, state.cluster());
  }

  private void attributes(long id, String name, String clientUrl) {
    apply(
        InternalRaftRequest.newBuilder()
            .setClusterMemberAttrSet(
                ClusterMemberAttrSetRequest.newBuilder()
                    .setMemberID(id)
                    .setMemberAttributes(
                        Attributes.newBuilder().setName(name).addClientUrls(clientUrl)))
            .build());
  }
}
