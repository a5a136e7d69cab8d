package io.sampo.tests.moving;

import com.google.gson.JsonObject;
import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.ServerUnderTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Everything that a client can see of a member's data, but for what differs from start to start.
 */
final class Answers {
  private Answers() {}

  static List<String> of(ServerUnderTest server) {
    Etcdctl etcdctl = new Etcdctl(server);
    List<String> answers = new ArrayList<>(keys(etcdctl));
    answers.add(hash(etcdctl));
    List<String> leases = etcdctl.lines("lease", "list");
    leases.stream().skip(1).sorted().map(lease -> lease(etcdctl, lease)).forEach(answers::add);
    answers.addAll(etcdctl.lines("alarm", "list"));
    etcdctl.lines("member", "list").stream()
        .map(member -> member.replaceAll(", http[^,]*, (false|true)$", ", $1"))
        .forEach(answers::add);
    return answers;
  }

  /** Its time to live and its keys, which etcd lists in any order. */
  private static String lease(Etcdctl etcdctl, String id) {
    JsonObject lease = etcdctl.json("lease", "timetolive", "--keys", id).getAsJsonObject();
    List<String> keys = new ArrayList<>();
    if (lease.has("keys")) {
      lease.getAsJsonArray("keys").forEach(key -> keys.add(key.getAsString()));
    }
    Collections.sort(keys);
    return "lease %s granted %s keys %s".formatted(id, lease.get("granted-ttl"), keys);
  }

  static List<String> keys(Etcdctl etcdctl) {
    return etcdctl.lines("get", "", "--prefix", "-w", "fields").stream()
        .filter(line -> !line.matches("\"(ClusterID|MemberID|RaftTerm)\".*"))
        .toList();
  }

  /** The hash of all revisions, and of which. */
  static String hash(Etcdctl etcdctl) {
    JsonObject answer =
        etcdctl
            .json("endpoint", "hashkv")
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("HashKV");
    return "hash %s of revision %s, compacted at %s"
        .formatted(
            answer.get("hash"),
            answer.getAsJsonObject("header").get("revision"),
            answer.get("compact_revision"));
  }
}
