package io.sampo.tests.compare;

import io.sampo.tests.process.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JSON bodies and plain pages. */
final class HttpSteps {

  private static final String[][] POSTS = {
    {"/v3/kv/put", "{'key':'ag==','value':'MQ=='}"},
    {"/v3/kv/put", "{'key':'ag==','value':'Mg==','prev_kv':true}"},
    {"/v3/kv/put", "{'key':'ag==','value':'Mg==','prevKv':true,'unknown':{'x':1}}"},
    {"/v3/kv/put", "{'key':'ag==','lease':'4711'}"},
    {"/v3/kv/put", "{'value':'MQ=='}"},
    {"/v3/kv/range", "{'key':'ag=='}"},
    {"/v3/kv/range", "{'key':'ag'}"},
    {"/v3/kv/range", "{'key':'_-8='}"},
    {"/v3/kv/range", "{'key':'YQ==','range_end':'eg==','limit':2}"},
    {"/v3/kv/range", "{'key':'YQ==','range_end':'eg==','limit':'2','sort_order':'DESCEND'}"},
    {"/v3/kv/range", "{'key':'YQ==','range_end':'Zg==','sort_target':'MOD','sort_order':1}"},
    {"/v3/kv/range", "{'key':'YQ==','range_end':'eg==','sort_target':9}"},
    {"/v3/kv/range", "{'key':'YQ==','range_end':'eg==','sort_target':'NOPE'}"},
    {"/v3/kv/range", "{'key':'YQ==','range_end':'eg==','count_only':true}"},
    {"/v3/kv/range", "{'key':'YQ==','revision':'9999'}"},
    {"/v3/kv/range", "{'key':'YQ==','revision':1}"},
    {"/v3/kv/range", "{'key':'YQ==','revision':1.5}"},
    {"/v3/kv/range", "{'key':'YQ==','limit':1e1}"},
    {"/v3/kv/range", "{'key':'YQ==','limit':'99999999999999999999'}"},
    {"/v3/kv/range", "{'key':'YQ==','serializable':'true'}"},
    {"/v3/kv/range", "{'key':'YQ==','key':'Yg=='}"},
    {"/v3/kv/range", "{'key':null}"},
    {"/v3/kv/range", "{'key':5}"},
    {"/v3/kv/range", "{'key':'*'}"},
    {"/v3/kv/range", "{'key':"},
    {"/v3/kv/range", "{'key':'YQ=='} trailing"},
    {"/v3/kv/range", "null"},
    {"/v3/kv/range", "[]"},
    {"/v3/kv/range", "'text'"},
    {"/v3/kv/range", "{}"},
    {"/v3/kv/range", ""},
    {"/v3beta/kv/range", "{'key':'ag=='}"},
    {"/v3alpha/kv/range", "{'key':'ag=='}"},
    {"/v3/kv/txn", "{}"},
    {"/v3/kv/txn", "{'success':[{}]}"},
    {"/v3/kv/txn", "{'success':[{'request_put':{'key':'ag=='}},{'request_range':{'key':'ag=='}}]}"},
    {
      "/v3/kv/txn",
      "{'compare':[{'key':'ag==','target':'VERSION','result':'GREATER','version':'0'}],"
          + "'success':[{'requestDeleteRange':{'key':'ag==','prevKv':true}}]}"
    },
    {"/v3/kv/deleterange", "{'key':'ag==','prev_kv':true}"},
    {"/v3/kv/compaction", "{'revision':'9'}"},
    {"/v3/kv/compaction", "{'revision':'12','physical':true}"},
    {"/v3/lease/grant", "{'ID':'30','TTL':'300'}"},
    {"/v3/lease/grant", "{'ID':'30','TTL':'300'}"},
    {"/v3/lease/keepalive", "{'ID':'30'}"},
    {"/v3/lease/keepalive", "{'ID':'31'}"},
    {"/v3/lease/keepalive", "{'ID':'30'}{'ID':'31'}"},
    {"/v3/lease/leases", "{}"},
    {"/v3/kv/lease/leases", ""},
    {"/v3/lease/revoke", "{'ID':'30'}"},
    {"/v3/kv/lease/revoke", "{'ID':'30'}"},
    {"/v3/lease/timetolive", "{'ID':'30','keys':true}"},
    {"/v3/kv/lease/timetolive", "{'ID':'30'}"},
    {"/v3/cluster/member/list", "{}"},
    {"/v3/cluster/member/list", "{'linearizable':true}"},
    {"/v3/maintenance/status", "{}"},
    {"/v3/maintenance/alarm", "{}"},
    {"/v3/maintenance/alarm", "{'action':'GET','memberID':0,'alarm':'NONE'}"},
    {"/v3/maintenance/defragment", "{}"},
    {"/v3/maintenance/hashkv", "{'revision':'20'}"},
    {"/v3/nope", "{}"},
    {"/v3/kv/nope", "{}"},
    {"/v3/kv/range/", "{'key':'ag=='}"},
    {"/nope", "{}"},
    {"/v3/kv/txn", "{'success':[{'request_put':{'key':'ag=='},'request_range':{'key':'ag=='}}]}"},
    {"/health", ""},
    {"/version", ""},
    {"/livez", ""},
  };

  private static final String[] PAGES = {
    "/version",
    "/health",
    "/health?serializable=true",
    "/health?exclude=NOSPACE",
    "/health?exclude=nope",
    "/livez",
    "/livez?verbose",
    "/livez?exclude=serializable_read&verbose",
    "/livez/serializable_read",
    "/livez/nope",
    "/readyz",
    "/readyz/data_corruption",
    "/readyz/linearizable_read?verbose",
    "/readyz/non_learner",
    "/nope",
    "/",
    "/v3/kv/range",
    "/v3/nope",
    "/v2/keys",
    "/health/",
  };

  private HttpSteps() {}

  static List<Step> all() {
    List<Step> steps = new ArrayList<>();
    for (String[] post : POSTS) {
      String body = post[1].replace('\'', '"');
      steps.add(
          new Step("json" + post[0] + " " + post[1], target -> target.http("POST", post[0], body)));
    }
    for (String page : PAGES) {
      steps.add(new Step("http" + page, target -> target.http("GET", page, "")));
    }
    for (String method : List.of("PUT", "DELETE", "OPTIONS", "PATCH")) {
      steps.add(
          new Step(
              "http/" + method + " on a route", target -> target.http(method, "/v3/kv/put", "{}")));
      steps.add(
          new Step("http/" + method + " on a page", target -> target.http(method, "/health", "")));
    }
    steps.add(new Step("http/metrics", HttpSteps::metricNames));
    steps.add(new Step("http/metrics series", HttpSteps::metricSeries));
    return steps;
  }

  /**
   * Names and types of etcd's and gRPC's families; their values are no two servers' same. Without
   * two that count what etcd does in its v2 store and that only show once it has done so.
   */
  private static String metricNames(Target target) {
    return page(target)
        .filter(line -> line.matches("# TYPE (etcd|grpc|os|promhttp)_.*"))
        .filter(line -> !line.matches(".* etcd_debugging_store_(reads|writes)_total .*"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  /**
   * The labelled series of etcd's families without those of buckets, ids masked; and without the
   * health check that etcd does not have.
   */
  private static String metricSeries(Target target) {
    return page(target)
        .filter(line -> line.matches("etcd_server_.*\\{.*") && !line.contains("_bucket{"))
        .filter(line -> !line.contains("name=\"disk_write\""))
        .map(line -> line.replaceAll(" [^ ]*$", ""))
        .map(line -> line.replaceAll("(server_id|go_version)=\"[^\"]*\"", "$1"))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static Stream<String> page(Target target) {
    return Http.tryGet(target.server().url() + "/metrics")
        .map(Http.Answer::body)
        .orElse("none")
        .lines();
  }
}
