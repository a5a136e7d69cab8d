package io.sampo.node.peer.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.leasepb.LeaseInternalRequest;
import io.sampo.protocol.leasepb.LeaseInternalResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What members ask each other beside Raft; statuses and texts are those of etcd 3.7.1. */
class PeerRoutesTest extends PeerRoutesFixture {
  @Test
  void membersAreShownAsEtcdShowsThem() throws Exception {
    HttpResponse<String> answer = send(plain("/members").GET());
    assertAnswer(
        200,
        """
        [{"id":10276657743932975437,"peerURLs":["http://localhost:2380"],"name":"default",\
        "clientURLs":["http://localhost:2379"]},\
        {"id":18446744073709551615,"peerURLs":["http://localhost:1"],"isLearner":true}]
        """,
        answer);
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("99", answer.headers().firstValue("X-Etcd-Cluster-ID").orElseThrow());
    assertAnswer(405, "Method Not Allowed\n", post("/members", new byte[0]));
  }

  @Test
  void promotionsAreAnsweredWithMembersOrEtcdsRefusal() throws Exception {
    assertEquals(200, post("/members/promote/7", new byte[0]).statusCode());
    assertAnswer(404, "membership: ID not found\n", post("/members/promote/9", new byte[0]));
    assertAnswer(404, "member 7f not found in cluster\n", post("/members/promote/7f", new byte[0]));
    assertAnswer(
        412,
        "etcdserver: can only promote a learner member which is in sync with leader\n",
        post("/members/promote/8", new byte[0]));
    assertAnswer(405, "Method Not Allowed\n", send(plain("/members/promote/7").GET()));
  }

  @Test
  void leasesAreRenewedAndLookedUp() throws Exception {
    byte[] renewed =
        postBytes("/leases", LeaseKeepAliveRequest.newBuilder().setID(7).build().toByteArray());
    assertEquals(
        LeaseKeepAliveResponse.newBuilder().setID(7).setTTL(60).build(),
        LeaseKeepAliveResponse.parseFrom(renewed));
    byte[] lookedUp =
        postBytes(
            "/leases/internal",
            LeaseInternalRequest.newBuilder()
                .setLeaseTimeToLiveRequest(LeaseTimeToLiveRequest.newBuilder().setID(8))
                .build()
                .toByteArray());
    assertEquals(8, LeaseInternalResponse.parseFrom(lookedUp).getLeaseTimeToLiveResponse().getID());
    assertAnswer(404, "lease not found\n", post("/leases", new byte[] {8, 9}));
    assertAnswer(400, "error unmarshalling request\n", post("/leases", new byte[] {1, 2, 3}));
    assertAnswer(413, "request body too large\n", post("/leases", new byte[100_000]));
    assertAnswer(405, "Method Not Allowed\n", send(plain("/leases").GET()));
  }

  @Test
  void hashesAreAnsweredInGosJson() throws Exception {
    assertAnswer(
        200,
        "{\"header\":{\"revision\":9},\"hash\":4294967294,\"compact_revision\":-1,\"hash_revision\":8}",
        hash("{\"revision\":8}"));
    assertAnswer(400, "mvcc: required revision is a future revision\n", hash("{\"revision\":101}"));
    assertAnswer(400, "error unmarshalling request\n", hash("garbage"));
    assertAnswer(
        412,
        "cluster ID mismatch\n",
        send(plain("/members/hashkv").header("X-Etcd-Cluster-ID", "1").GET()));
  }

  @Test
  void smallQuestions() throws Exception {
    assertAnswer(200, "false", send(plain("/downgrade/enabled").GET()));
    assertTrue(send(plain("/raft/probing").GET()).body().startsWith("{\"OK\":true,\"Now\":\"20"));
    assertAnswer(200, "{}", send(plain("/version").GET()));
    assertAnswer(404, "404 page not found\n", send(plain("/raft/other").GET()));
    assertAnswer(404, "404 page not found\n", send(plain("/").GET()));
  }

  @ParameterizedTest
  @CsvSource({
    "//members, /members",
    "/raft/../members, /members",
    "/raft/stream, /raft/stream/",
    "/members//promote, /members/promote/",
  })
  void uncleanPathsAreRedirected(String path, String clean) throws Exception {
    HttpResponse<String> answer = send(plain(path).GET());
    assertAnswer(307, "<a href=\"" + clean + "\">Temporary Redirect</a>.\n\n", answer);
    assertEquals(clean, answer.headers().firstValue("Location").orElseThrow());
  }

  private byte[] postBytes(String path, byte[] body) throws Exception {
    HttpResponse<byte[]> answer =
        client.send(
            plain(path).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
    assertEquals(200, answer.statusCode());
    assertEquals("application/protobuf", answer.headers().firstValue("Content-Type").orElseThrow());
    return answer.body();
  }

  private HttpResponse<String> hash(String json) throws Exception {
    return send(plain("/members/hashkv").method("GET", BodyPublishers.ofString(json)));
  }
}
