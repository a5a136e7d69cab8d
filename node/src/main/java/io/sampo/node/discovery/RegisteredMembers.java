package io.sampo.node.discovery;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who has registered, in the order of registration: if more members than the cluster has places
 * come at the same time, the first ones are in it.
 */
final class RegisteredMembers {
  private final String prefix;
  private final List<Registry.Entry> members = new ArrayList<>();

  RegisteredMembers(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Takes one in.
   *
   * @return why not, in etcd's words; empty if it was taken
   */
  Optional<String> add(Registry.Entry member) {
    if (!member.key().startsWith(prefix)) {
      return Optional.of("invalid peer registry key");
    }
    if (member.value().indexOf('=') < 0) {
      return Optional.of("invalid peer info returned from discovery service");
    }
    if (members.stream().anyMatch(known -> known.key().equals(member.key()))) {
      return Optional.of("found duplicate peer from discovery service");
    }
    members.add(member);
    members.sort(Comparator.comparingLong(Registry.Entry::createRevision));
    return Optional.empty();
  }

  int size() {
    return members.size();
  }

  /**
   * Whether the member of this key can be in a cluster of that size: it is among the first, or
   * there is a place left.
   */
  boolean hasPlaceFor(String key, long size) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).key().equals(key)) {
        return true;
      }
      if (i >= size - 1) {
        return false;
      }
    }
    return true;
  }

  /** The members of the cluster as {@code --initial-cluster} names them. */
  String initialCluster(long size) {
    return members.stream().limit(size).map(Registry.Entry::value).collect(Collectors.joining(","));
  }

  /** Whether every member of such a text has URLs that can be used. */
  static boolean isUsable(String initialCluster) {
    for (String pair : initialCluster.split(",", -1)) {
      if (!pair.isEmpty()) {
        try {
          EtcdUrl.parse(pair.substring(pair.indexOf('=') < 0 ? 0 : pair.indexOf('=') + 1));
        } catch (SyntaxException noUrl) {
          return false;
        }
      }
    }
    return true;
  }
}
