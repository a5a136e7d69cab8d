package io.sampo.node.bootstrap;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.ConfigRules;
import io.sampo.node.boot.HostNames;
import io.sampo.node.boot.InitialCluster;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.state.membership.MemberIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who a new member is, computed as etcd 3.7 computes it, so that the same flags give the same ids
 * in both. A member that has data takes its ids from there instead.
 *
 * @param clusterId of the cluster, unsigned
 * @param memberId of this member, unsigned
 * @param memberIds of all initial members, by name
 */
public record ClusterIdentity(long clusterId, long memberId, Map<String, Long> memberIds) {

  /**
   * The identity that a member without data begins with. For a member that joins a cluster it is
   * only what the flags would make of it, see {@link ExistingCluster}.
   *
   * @throws ConfigException with etcd's text if {@code --initial-cluster} does not fit this member
   */
  public static ClusterIdentity bootstrap(NodeConfig config) throws ConfigException {
    Map<String, List<EtcdUrl>> members = config.cluster().initialMembers();
    List<EtcdUrl> own = members.get(config.name());
    if (own == null) {
      throw ConfigRules.start(
          "couldn't find local name "
              + quote(config.name())
              + " in the initial cluster configuration");
    }
    if (config.cluster().newCluster()) {
      checkAdvertised(config, own);
    }
    if (isRepeated(members)) {
      throw ConfigRules.start(
          "initial cluster " + InitialCluster.format(members) + " has duplicate url");
    }
    return of(config);
  }

  /** The identity in a cluster whose members were checked, and of which this member is one. */
  static ClusterIdentity of(NodeConfig config) {
    Map<String, Long> ids = new TreeMap<>();
    String token = config.cluster().token();
    config
        .cluster()
        .initialMembers()
        .forEach(
            (name, urls) ->
                ids.put(name, MemberIds.compute(urls.stream().map(EtcdUrl::text).toList(), token)));
    return new ClusterIdentity(
        MemberIds.clusterId(ids.values()), ids.get(config.name()), Map.copyOf(ids));
  }

  /** Compares texts; etcd also takes a name for the address that it resolves to. */
  private static void checkAdvertised(NodeConfig config, List<EtcdUrl> own) throws ConfigException {
    List<EtcdUrl> advertised = config.urls().initialAdvertisePeer();
    Optional<String> difference = HostNames.difference(advertised, own);
    if (difference.isEmpty()) {
      return;
    }
    String advertisedText = join(advertised);
    String reason = difference.get();
    List<EtcdUrl> missing = own.stream().filter(url -> !advertised.contains(url)).toList();
    if (!missing.isEmpty()) {
      String pairs =
          missing.stream().map(url -> config.name() + "=" + url).collect(Collectors.joining(","));
      throw ConfigRules.start(
          "--initial-cluster has %s but missing from --initial-advertise-peer-urls=%s (%s)"
              .formatted(pairs, advertisedText, reason));
    }
    List<EtcdUrl> extra = advertised.stream().filter(url -> !own.contains(url)).toList();
    throw ConfigRules.start(
        "--initial-advertise-peer-urls has %s but missing from --initial-cluster=%s"
            .formatted(join(extra), InitialCluster.format(Map.of(config.name(), advertised))));
  }

  private static String join(List<EtcdUrl> urls) {
    return urls.stream().map(EtcdUrl::text).collect(Collectors.joining(","));
  }

  /** Whether two members, or one twice, have the same URL. */
  static boolean isRepeated(Map<String, List<EtcdUrl>> members) {
    List<EtcdUrl> all = members.values().stream().flatMap(List::stream).toList();
    return Set.copyOf(all).size() < all.size();
  }
}
