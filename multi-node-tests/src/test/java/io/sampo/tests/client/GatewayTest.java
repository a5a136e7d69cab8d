package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.SharedServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** curl on every JSON route of KV, Watch, Lease, Cluster and Maintenance. */
@RequiresTool("curl")
class GatewayTest {

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static Curl curl;

  @BeforeAll
  static void connect() {
    curl = new Curl(SHARED.server());
  }

  private static JsonObject post(String path, String body) {
    Curl.Answer answer = curl.post(path, body.replace('\'', '"'));
    assertEquals(200, answer.status(), answer::body);
    assertEquals("application/json", answer.contentType());
    return answer.json();
  }

  private static long put(String key, String value) {
    return Etcdctl.revision(
        post(
            "/v3/kv/put",
            "{'key':'%s','value':'%s'}".formatted(Curl.base64(key), Curl.base64(value))));
  }

  private static String key(String key) {
    return "{'key':'" + Curl.base64(key) + "'";
  }

  @Test
  void putAndRange() {
    long revision = put("json", "v");
    JsonObject answer = post("/v3/kv/range", key("json") + "}");
    assertEquals("1", answer.get("count").getAsString());
    assertFalse(answer.has("more"), "defaults are left out");
    JsonObject kv = answer.getAsJsonArray("kvs").get(0).getAsJsonObject();
    assertEquals(Curl.base64("json"), kv.get("key").getAsString());
    assertEquals(Curl.base64("v"), kv.get("value").getAsString());
    assertTrue(kv.getAsJsonPrimitive("mod_revision").isString(), "64-bit numbers are strings");
    assertEquals(revision, kv.get("mod_revision").getAsLong());
    assertFalse(kv.has("lease"));
  }

  @Test
  void requestsAreReadTolerantly() {
    put("tolerant", "v");
    String name = Curl.base64("tolerant");
    String number = post("/v3/kv/range", "{'key':'%s','limit':1}".formatted(name)).toString();
    assertTrue(number.contains("\"count\":\"1\""), number);
    post("/v3/kv/range", "{'key':'%s','sortOrder':'DESCEND','unknown':1}".formatted(name));
    post("/v3/kv/range", "{'key':'%s','sort_order':2}".formatted(name));
    post("/v3beta/kv/range", "{'key':'%s'}".formatted(name));
    post("/v3/kv/range", "{'key':'%s'}".formatted(name.replace("=", "")));
  }

  @Test
  void txn() {
    put("txn", "1");
    String body =
        ("{'compare':[%s,'target':'VALUE','value':'%s'}],"
                + "'success':[{'request_put':%s,'value':'Mg=='}},{'request_range':%s}}]}")
            .formatted(key("txn"), Curl.base64("1"), key("txn"), key("txn"));
    JsonObject answer = post("/v3/kv/txn", body);
    assertTrue(answer.get("succeeded").getAsBoolean());
    assertEquals(2, answer.getAsJsonArray("responses").size());
    assertTrue(answer.toString().contains("\"response_range\""));
    assertFalse(post("/v3/kv/txn", body).has("succeeded"));
  }

  @Test
  void deleteAndCompact() {
    put("gone", "1");
    JsonObject deleted = post("/v3/kv/deleterange", key("gone") + ",'prev_kv':true}");
    assertEquals("1", deleted.get("deleted").getAsString());
    assertEquals(1, deleted.getAsJsonArray("prev_kvs").size());
    long revision = put("gone", "2");
    post("/v3/kv/compaction", "{'revision':'%d','physical':true}".formatted(revision));
    Curl.Answer again = curl.post("/v3/kv/compaction", "{\"revision\":" + revision + "}");
    assertEquals(400, again.status());
    assertEquals(11, again.json().get("code").getAsInt());
  }

  @Test
  void leases() {
    JsonObject granted = post("/v3/lease/grant", "{'TTL':'300','ID':'77'}");
    assertEquals("77", granted.get("ID").getAsString());
    assertEquals("300", granted.get("TTL").getAsString());
    post("/v3/kv/put", key("leased") + ",'lease':'77'}");
    for (String path : new String[] {"/v3/lease/timetolive", "/v3/kv/lease/timetolive"}) {
      JsonObject left = post(path, "{'ID':77,'keys':true}");
      assertEquals("300", left.get("grantedTTL").getAsString());
      assertEquals(Curl.base64("leased"), left.getAsJsonArray("keys").get(0).getAsString());
    }
    assertTrue(post("/v3/lease/leases", "{}").toString().contains("\"77\""));
    assertTrue(post("/v3/kv/lease/leases", "{}").toString().contains("\"77\""));
    JsonObject kept = post("/v3/lease/keepalive", "{'ID':'77'}").getAsJsonObject("result");
    assertEquals("300", kept.get("TTL").getAsString());
    post("/v3/lease/revoke", "{'ID':'77'}");
    Curl.Answer unknown = curl.post("/v3/kv/lease/revoke", "{\"ID\":\"77\"}");
    assertEquals(404, unknown.status());
    assertEquals(
        "etcdserver: requested lease not found", unknown.json().get("message").getAsString());
  }

  @Test
  void watch() {
    long from = put("watched", "1");
    String create =
        "{\"create_request\":{\"key\":\"%s\",\"start_revision\":\"%d\"}}"
            .formatted(Curl.base64("watched"), from);
    try (RunningCommand watch = curl.stream("/v3/watch", create)) {
      watch.await("created and the past event", lines -> lines.size() >= 2);
      JsonObject created = result(watch.lines().get(0));
      assertTrue(created.get("created").getAsBoolean());
      JsonObject event =
          result(watch.lines().get(1)).getAsJsonArray("events").get(0).getAsJsonObject();
      assertFalse(event.has("type"), "PUT is the default");
      put("watched", "2");
      watch.await("the new event", lines -> lines.size() >= 3);
    }
  }

  private static JsonObject result(String line) {
    return JsonParser.parseString(line).getAsJsonObject().getAsJsonObject("result");
  }

  @Test
  void clusterAndMaintenance() {
    JsonObject member =
        post("/v3/cluster/member/list", "{}").getAsJsonArray("members").get(0).getAsJsonObject();
    assertEquals("m1", member.get("name").getAsString());
    assertTrue(member.has("peerURLs") && member.has("clientURLs"));
    JsonObject status = post("/v3/maintenance/status", "{}");
    assertEquals(status.get("leader").getAsString(), member.get("ID").getAsString());
    assertEquals("2147483648", status.get("dbSizeQuota").getAsString());
    assertTrue(status.has("raftAppliedIndex") && status.has("dbSizeInUse"));
    assertFalse(post("/v3/maintenance/alarm", "{'action':'GET'}").has("alarms"));
    assertTrue(post("/v3/maintenance/hash", "{}").has("hash"));
    assertTrue(post("/v3/maintenance/hashkv", "{}").has("hash_revision"));
    assertEquals("{}", post("/v3/maintenance/defragment", "{}").toString());
  }

  @Test
  void snapshotIsAStreamOfBlobs() {
    Curl.Answer answer = curl.post("/v3/maintenance/snapshot", "{}");
    assertEquals(200, answer.status());
    String[] lines = answer.body().strip().split("\n");
    assertTrue(lines.length >= 2);
    assertTrue(result(lines[0]).has("blob"));
    assertEquals("3.7.0", result(lines[lines.length - 1]).get("version").getAsString());
  }

  @ParameterizedTest
  @CsvSource({
    "/health, 200, '{\"health\":\"true\",\"reason\":\"\"}'",
    "/health?serializable=true, 200, '{\"health\":\"true\",\"reason\":\"\"}'",
    "/health?exclude=NOSPACE, 200, '{\"health\":\"true\",\"reason\":\"\"}'",
    "/livez, 200, 'ok\n'",
    "/readyz, 200, 'ok\n'",
    "/livez?verbose, 200, '[+]serializable_read ok\nok\n'",
    "/readyz/linearizable_read, 200, 'ok\n'",
    "/readyz?exclude=data_corruption, 200, 'ok\n'",
    "/livez/nope, 404, '404 page not found\n'",
    "/nope, 404, '404 page not found\n'",
    "/version, 200, '{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"3.7.0\",\"storage\":\"3.7.0\"}'",
  })
  void plainPages(String path, int status, String body) {
    Curl.Answer answer = curl.get(path);
    assertEquals(status, answer.status());
    assertEquals(body, answer.body());
  }

  @Test
  void readyzNamesItsChecks() {
    String body = curl.get("/readyz?verbose").body();
    for (String check :
        new String[] {"data_corruption", "serializable_read", "linearizable_read", "non_learner"}) {
      assertTrue(body.contains("[+]" + check + " ok\n"), body);
    }
  }

  @Test
  void metricsCarryEtcdsNames() {
    String body = curl.get("/metrics").body();
    for (String name :
        new String[] {
          "etcd_server_has_leader 1",
          "etcd_server_is_leader 1",
          "etcd_server_proposals_committed_total ",
          "etcd_mvcc_db_total_size_in_bytes ",
          "etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"}",
          "etcd_disk_backend_commit_duration_seconds_count ",
          "etcd_network_client_grpc_received_bytes_total ",
          "etcd_debugging_mvcc_current_revision ",
          "grpc_server_handled_total{",
          "process_resident_memory_bytes ",
        }) {
      assertTrue(body.contains("\n" + name), name);
    }
  }

  @Test
  void anyPathAnswersOptions() {
    assertEquals(200, curl.get("/v3/kv/put", "-X", "OPTIONS").status());
    String headers = curl.get("/health", "-i").body().toLowerCase(java.util.Locale.ROOT);
    assertTrue(headers.contains("access-control-allow-origin: *"), headers);
  }
}
