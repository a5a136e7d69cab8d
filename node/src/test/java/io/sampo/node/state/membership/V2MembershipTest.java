package io.sampo.node.state.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.raftpb.ConfState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class V2MembershipTest {
  private static final String STORE =
      """
      {"Root":{"Path":"/","Value":"","Children":{"0":{"Path":"/0","Value":"","Children":{
        "members":{"Path":"/0/members","Value":"","Children":{
          "e2cb0d5a74f1f5ba":{"Path":"/0/members/e2cb0d5a74f1f5ba","Value":"","Children":{
            "attributes":{"Value":"{\\"name\\":\\"a\\",\\"clientURLs\\":[\\"http://h:1\\"]}","Children":null},
            "raftAttributes":{"Value":"{\\"peerURLs\\":[\\"http://h:2\\"]}","Children":null}}},
          "7":{"Path":"/0/members/7","Value":"","Children":{
            "raftAttributes":{"Value":"{\\"peerURLs\\":[\\"http://g:2\\"],\\"isLearner\\":true}","Children":null}}}}},
        "removed_members":{"Path":"","Value":"","Children":{"9":{"Value":"","Children":null}}},
        "version":{"Path":"/0/version","Value":"3.4.0","Children":null}}},
       "1":{"Path":"/1","Children":{}}}},"CurrentIndex":42}
      """;

  @Test
  void membersVotersRemovedOnesAndTheVersion() {
    ClusterState cluster = V2Membership.decode(bytes(STORE), ConfState.getDefaultInstance());
    assertEquals(
        List.of(
            new ClusterMember(7, List.of("http://g:2"), true, "", List.of()),
            new ClusterMember(
                0xe2cb0d5a74f1f5baL, List.of("http://h:2"), false, "a", List.of("http://h:1"))),
        cluster.memberList());
    assertEquals(Set.of(9L), cluster.removed());
    assertEquals(Optional.of("3.4.0"), cluster.clusterVersion());
    assertEquals(List.of(0xe2cb0d5a74f1f5baL), cluster.confState().getVotersList());
    assertEquals(List.of(7L), cluster.confState().getLearnersList());
  }

  @Test
  void whatRaftCountedGoesFirst() {
    ConfState counted = ConfState.newBuilder().addVoters(7).build();
    assertEquals(counted, V2Membership.decode(bytes(STORE), counted).confState());
  }

  @Test
  void anEmptyStoreHasNobody() {
    String empty = "{\"Root\":{\"Path\":\"/\",\"Children\":{\"0\":{\"Children\":{}}}}}";
    assertTrue(
        V2Membership.decode(bytes(empty), ConfState.getDefaultInstance()).members().isEmpty());
  }

  @Test
  void whatIsNoStoreIsRefused() {
    for (String text : List.of("", "[]", "{}", "{\"Root\":7}", STORE.replace("raftA", "A"))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> V2Membership.decode(bytes(text), ConfState.getDefaultInstance()),
          text);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
