package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.MemberAddRequest;
import io.sampo.protocol.etcdserverpb.MemberAddResponse;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cluster whose members come and go while somebody writes to it. */
@RequiresTool("etcdctl")
class MembershipTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String REMOVED = "the member has been permanently removed from the cluster";

  private final ServerProgram program = ServerProgram.underTest();
  private final List<ServerUnderTest> members = new ArrayList<>();

  @AfterEach
  void stop() {
    members.forEach(ServerUnderTest::close);
  }

  private Etcdctl on(ServerUnderTest member) {
    return new Etcdctl(member);
  }

  @Test
  void aClusterGrowsLosesItsLeaderAndGrowsAgainUnderWrites() {
    ServerUnderTest first = ServerUnderTest.start(program, "--snapshot-count=100");
    members.add(first);
    try (SteadyWriter writer = SteadyWriter.start(members)) {
      ServerUnderTest second = add("m2");
      assertTrue(names(first).contains("m2"));
      ServerUnderTest third = addLearner("m3");
      isOnlyALearner(third);
      untilTaken(first, "promote", id(first, "m3"));
      Await.until(LIMIT, () -> "still a learner", () -> !on(third).status().has("isLearner"));
      agree();

      ServerUnderTest leader = leader();
      ServerUnderTest other = leader == second ? third : second;
      untilTaken(other, "remove", idOf(leader));
      assertEquals(0, leader.awaitExit(LIMIT));
      assertTrue(leader.log().contains(REMOVED), "it says why it ends");
      members.remove(leader);
      leader.launch();
      assertEquals(0, leader.awaitExit(LIMIT), "and does not start again");
      assertTrue(leader.log().contains(REMOVED));
      leader.close();

      add("m4");
      agree();
      writer.awaitMore(20);
    }
    String moved = "http://127.0.0.1:1";
    String id = id(members.get(0), "m4");
    on(members.get(1)).lines("member", "update", id, "--peer-urls=" + moved);
    assertTrue(on(members.get(0)).lines("member", "list").toString().contains(moved));
  }

  @Test
  void whoDoesNotBelongToTheClusterIsToldSo() {
    ServerUnderTest first = ServerUnderTest.start(program);
    members.add(first);
    ServerUnderTest stranger = ServerUnderTest.joining(program, "m2", members);
    members.add(stranger);
    stranger.launch();
    assertEquals(1, stranger.awaitExit(LIMIT));
    assertTrue(stranger.log().contains("error validating peerURLs {ClusterID:"), stranger.log());
    assertTrue(stranger.log().contains("member count is unequal"), stranger.log());

    on(first).lines("member", "add", "m2", "--peer-urls=" + stranger.peerUrl());
    stranger.start();
    assertEquals(Set.of("m1", "m2"), names(first));
    // Two voters, of which one has not been connected for five seconds.
    CommandResult tooEarly = on(first).run("member", "add", "m3", "--peer-urls=http://a.b:1");
    assertTrue(tooEarly.failed().err().contains("etcdserver: unhealthy cluster"), tooEarly.err());
  }

  @Test
  void whoIsToldNotToCheckTakesAMemberThatAnotherRefuses() {
    ServerUnderTest first = ServerUnderTest.start(program, "--strict-reconfig-check=false");
    members.add(first);
    ServerUnderTest second = add("m2");
    // Two of three have started: of four they would be no quorum.
    try (GrpcClient unchecked = new GrpcClient(first.endpoint());
        GrpcClient checked = new GrpcClient(second.endpoint())) {
      addUnstarted(unchecked, "http://a.b:1");
      StatusRuntimeException refusal =
          assertThrows(StatusRuntimeException.class, () -> addUnstarted(checked, "http://a.b:2"));
      assertEquals(
          "etcdserver: re-configuration failed due to not enough started members",
          refusal.getStatus().getDescription());
      assertEquals(4, addUnstarted(unchecked, "http://a.b:2").getMembersCount());
    }
  }

  private static MemberAddResponse addUnstarted(GrpcClient client, String peerUrl) {
    return client.call(
        "/etcdserverpb.Cluster/MemberAdd",
        MemberAddRequest.newBuilder().addPeerURLs(peerUrl).build(),
        MemberAddResponse.getDefaultInstance());
  }

  private ServerUnderTest add(String name) {
    return add(name, new String[0]);
  }

  private ServerUnderTest addLearner(String name) {
    return add(name, "--learner");
  }

  private ServerUnderTest add(String name, String... options) {
    ServerUnderTest member =
        ServerUnderTest.joining(program, name, members, "--snapshot-count=100");
    List<String> words = new ArrayList<>(List.of("add", name, "--peer-urls=" + member.peerUrl()));
    words.addAll(List.of(options));
    untilTaken(members.get(0), words.toArray(String[]::new));
    members.add(member);
    member.start();
    return member;
  }

  /** Members change only when those who are there have been connected for five seconds. */
  private void untilTaken(ServerUnderTest through, String... words) {
    List<String> command = new ArrayList<>(List.of("member"));
    command.addAll(List.of(words));
    List<CommandResult> last = new ArrayList<>();
    Await.until(
        LIMIT,
        () -> "not taken: " + last.get(last.size() - 1),
        () -> {
          last.add(on(through).run(command.toArray(String[]::new)));
          return last.get(last.size() - 1).exitCode() == 0;
        });
  }

  private void isOnlyALearner(ServerUnderTest member) {
    assertTrue(on(member).status().get("isLearner").getAsBoolean());
    CommandResult read = on(member).run("get", "written/0");
    assertTrue(
        read.failed().err().contains("etcdserver: rpc not supported for learner"), read.err());
    on(member).run("get", "written/0", "--consistency=s").succeeded();
    String id = id(members.get(0), "m3");
    ServerUnderTest follower = members.get(1);
    assertTrue(on(follower).lines("member", "list").toString().contains(id));
  }

  private Set<String> names(ServerUnderTest through) {
    Set<String> names = new java.util.TreeSet<>();
    on(through)
        .json("member", "list")
        .getAsJsonObject()
        .getAsJsonArray("members")
        .forEach(member -> names.add(member.getAsJsonObject().get("name").getAsString()));
    return names;
  }

  private String id(ServerUnderTest through, String name) {
    return on(through).lines("member", "list").stream()
        .map(line -> line.split(", "))
        .filter(fields -> fields[2].equals(name))
        .map(fields -> fields[0])
        .findFirst()
        .orElseThrow();
  }

  private String idOf(ServerUnderTest member) {
    return Long.toHexString(
        Long.parseUnsignedLong(
            on(member).status().getAsJsonObject("header").get("member_id").getAsString()));
  }

  private ServerUnderTest leader() {
    return members.stream()
        .filter(
            member -> {
              JsonObject status = on(member).status();
              return status.get("leader").equals(status.getAsJsonObject("header").get("member_id"));
            })
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody leads"));
  }

  /** All members come to hold the same bytes at the same revision. */
  private void agree() {
    Await.until(LIMIT, () -> "different hashes", () -> Set.copyOf(hashes()).size() == 1);
  }

  private List<String> hashes() {
    long revision = on(members.get(0)).revision();
    List<String> hashes = new ArrayList<>();
    for (ServerUnderTest member : members) {
      CommandResult answer = on(member).run("endpoint", "hashkv", "--rev=" + revision);
      hashes.add(answer.exitCode() == 0 ? answer.out().split(", ")[1].strip() : answer.err());
    }
    return hashes;
  }
}
