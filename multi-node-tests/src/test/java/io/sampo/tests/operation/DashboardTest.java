package io.sampo.tests.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.protocol.etcdserverpb.AlarmRequest;
import io.sampo.protocol.etcdserverpb.AlarmResponse;
import io.sampo.protocol.etcdserverpb.AlarmType;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Checkout;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The alert rules and the dashboard in {@code conf} ask for metrics and labels that there are. */
class DashboardTest {

  /** Families that show only where there are other members, with their labels. */
  private static final Map<String, Set<String>> OF_PEERS =
      Map.of(
          "etcd_network_peer_round_trip_time_seconds", Set.of("To", "le"),
          "etcd_network_peer_received_bytes_total", Set.of("From"),
          "etcd_network_peer_sent_bytes_total", Set.of("To"),
          "etcd_network_peer_sent_failures_total", Set.of("To"));

  /** Those that Prometheus adds. */
  private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

  private static final Pattern NAME =
      Pattern.compile("\\b(etcd|grpc|go|os|process|sampo)_\\w+(\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(by|without) \\(([^)]*)\\)");

  private static String page;

  /** Some series show when there has been a reason. */
  @BeforeAll
  static void oneMember() {
    try (ServerUnderTest server = ServerUnderTest.start(ServerProgram.underTest());
        GrpcClient client = new GrpcClient(server.endpoint())) {
      Etcd etcd = new Etcd(client);
      etcd.put(PutRequest.newBuilder().setKey(Etcd.bytes("k")));
      etcd.range(RangeRequest.newBuilder().setKey(Etcd.bytes("k")));
      client.call(
          "/etcdserverpb.Maintenance/Alarm",
          AlarmRequest.newBuilder()
              .setAction(AlarmRequest.AlarmAction.ACTIVATE)
              .setMemberID(5)
              .setAlarm(AlarmType.NOSPACE)
              .build(),
          AlarmResponse.getDefaultInstance());
      page = Http.tryGet(server.url() + "/metrics").orElseThrow().body();
    }
  }

  @Test
  void alertRulesAskForWhatIsServed() throws IOException {
    List<String> expressions = new ArrayList<>();
    Map<String, List<Map<String, List<Map<String, Object>>>>> file =
        new Yaml().load(Files.readString(conf("prometheus/sampo-alerts.yaml")));
    for (Map<String, List<Map<String, Object>>> group : file.get("groups")) {
      group.get("rules").forEach(rule -> expressions.add((String) rule.get("expr")));
    }
    assertTrue(expressions.size() > 20);
    assertServed(expressions);
  }

  @Test
  void theDashboardAsksForWhatIsServed() throws IOException {
    JsonObject dashboard =
        JsonParser.parseString(Files.readString(conf("grafana/sampo.json"))).getAsJsonObject();
    List<String> expressions = new ArrayList<>();
    for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
      JsonArray targets = panel.getAsJsonObject().getAsJsonArray("targets");
      if (targets != null) {
        targets.forEach(one -> expressions.add(one.getAsJsonObject().get("expr").getAsString()));
      }
    }
    assertTrue(expressions.size() > 50);
    assertServed(expressions);
  }

  private static Path conf(String file) {
    return Checkout.root().resolve("conf").resolve(file);
  }

  private static void assertServed(List<String> expressions) {
    Set<String> missing = new TreeSet<>();
    for (String expression : expressions) {
      Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
      String names = GROUPING.matcher(expression).replaceAll("");
      Matcher name = NAME.matcher(names);
      while (name.find()) {
        String series = name.group().split("\\{")[0];
        Set<String> served = labelsOf(series);
        if (served == null) {
          missing.add(series);
          continue;
        }
        labels.addAll(served);
        String selector = name.group(3) == null ? "" : name.group(3);
        labels(selector).stream()
            .filter(label -> !OF_PROMETHEUS.contains(label) && !served.contains(label))
            .forEach(label -> missing.add(series + "{" + label + "}"));
      }
      GROUPING
          .matcher(expression)
          .results()
          .flatMap(grouping -> Pattern.compile(", ").splitAsStream(grouping.group(2)))
          .filter(label -> !labels.contains(label.strip()))
          .forEach(label -> missing.add("by (" + label + ") in " + expression));
    }
    assertEquals(Set.of(), missing);
  }

  private static Set<String> labels(String selector) {
    return LABEL.matcher(selector).results().map(it -> it.group(1)).collect(Collectors.toSet());
  }

  /** Of all series of that name, or null if there is none. */
  private static Set<String> labelsOf(String series) {
    Set<String> ofPeers = OF_PEERS.get(series.replaceAll("_(bucket|sum|count)$", ""));
    if (ofPeers != null) {
      return ofPeers;
    }
    List<String> served =
        page.lines()
            .filter(line -> line.startsWith(series + " ") || line.startsWith(series + "{"))
            .toList();
    return served.isEmpty()
        ? null
        : served.stream().flatMap(line -> labels(line).stream()).collect(Collectors.toSet());
  }
}
