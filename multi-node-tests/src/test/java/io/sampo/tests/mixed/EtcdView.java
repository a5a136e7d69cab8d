package io.sampo.tests.mixed;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a real member says on its peer URL, as a joiner asks it. */
record EtcdView(long clusterId, List<ClusterMember> members) {

  static EtcdView of(String peerUrl) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(peerUrl + "/members")).build(),
                BodyHandlers.ofString());
    List<ClusterMember> members = new ArrayList<>();
    for (JsonElement member : JsonParser.parseString(answer.body()).getAsJsonArray()) {
      members.add(MemberJson.decode(member.toString().getBytes(StandardCharsets.UTF_8)).member());
    }
    String cluster = answer.headers().firstValue("X-Etcd-Cluster-ID").orElseThrow();
    return new EtcdView(Long.parseUnsignedLong(cluster, 16), members);
  }

  long idAt(String peerUrl) {
    return members.stream()
        .filter(member -> member.peerUrls().contains(peerUrl))
        .findFirst()
        .orElseThrow()
        .id();
  }
}
