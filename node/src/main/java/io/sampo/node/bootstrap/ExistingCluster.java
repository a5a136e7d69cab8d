package io.sampo.node.bootstrap;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.ConfigRules;
import io.sampo.node.boot.HostNames;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import io.sampo.node.state.membership.ClusterMember;
import io.sampo.node.state.membership.MemberIds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A cluster that a member without data asks to be let into: what one of its members said (etcd
 * 3.7.1, ValidateClusterAndAssignIDs).
 *
 * @param clusterId unsigned
 * @param members in the order of their ids
 */
public record ExistingCluster(long clusterId, List<ClusterMember> members) {
  public ExistingCluster {
    members =
        members.stream()
            .sorted(Comparator.comparing(ClusterMember::id, Long::compareUnsigned))
            .toList();
  }

  /**
   * Who the member of these flags is there: {@code --initial-cluster} has to name the members at
   * their URLs, each once, in whatever order.
   *
   * @throws ConfigException with etcd's text if the flags are about other members
   */
  public ClusterIdentity admit(NodeConfig config) throws ConfigException {
    Map<String, List<EtcdUrl>> named = config.cluster().initialMembers();
    if (members.size() != named.size()) {
      throw refusal("member count is unequal");
    }
    Map<String, Long> ids = new HashMap<>();
    for (ClusterMember member : members) {
      ids.put(nameOf(member, named), member.id());
    }
    Long own = ids.get(config.name());
    if (own == null) {
      throw refusal("member count is unequal");
    }
    return new ClusterIdentity(clusterId, own, Map.copyOf(ids));
  }

  private String nameOf(ClusterMember member, Map<String, List<EtcdUrl>> named)
      throws ConfigException {
    String reason = "<nil>";
    for (Map.Entry<String, List<EtcdUrl>> candidate : named.entrySet()) {
      Optional<String> difference = difference(member.peerUrls(), candidate.getValue());
      if (difference.isEmpty()) {
        return candidate.getKey();
      }
      reason = difference.get();
    }
    throw refusal(
        "PeerURLs: no match found for existing member (%s, [%s]), last resolver error (%s)"
            .formatted(MemberIds.format(member.id()), String.join(" ", member.peerUrls()), reason));
  }

  private static Optional<String> difference(List<String> texts, List<EtcdUrl> named) {
    List<EtcdUrl> urls = new ArrayList<>();
    for (String text : texts) {
      try {
        urls.add(EtcdUrl.parse(text));
      } catch (SyntaxException noUrl) {
        return Optional.of("failed to parse string to URL: " + quote(text));
      }
    }
    urls.sort(Comparator.comparing(EtcdUrl::text));
    return HostNames.difference(urls, named);
  }

  private ConfigException refusal(String reason) {
    return ConfigRules.start("error validating peerURLs " + this + ": " + reason);
  }

  /** As Go prints etcd's type. */
  @Override
  public String toString() {
    return members.stream()
        .map(ExistingCluster::text)
        .collect(
            Collectors.joining(
                " ",
                "{ClusterID:" + MemberIds.format(clusterId) + " Members:[",
                "] RemovedMemberIDs:[]}"));
  }

  private static String text(ClusterMember member) {
    return "&{ID:%s RaftAttributes:{PeerURLs:[%s] IsLearner:%s} Attributes:{Name:%s ClientURLs:[%s]}}"
        .formatted(
            MemberIds.format(member.id()),
            String.join(" ", member.peerUrls()),
            member.learner(),
            member.name(),
            String.join(" ", member.clientUrls()));
  }
}
