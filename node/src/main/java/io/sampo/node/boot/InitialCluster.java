package io.sampo.node.boot;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The text of {@code --initial-cluster}: {@code name=url,name=url,...}, a name once for each of its
 * URLs.
 */
public final class InitialCluster {
  private InitialCluster() {}

  /**
   * Names and their URLs, both sorted.
   *
   * @throws SyntaxException with etcd's text for the first bad URL
   */
  public static Map<String, List<EtcdUrl>> parse(String text) throws SyntaxException {
    Map<String, List<EtcdUrl>> members = new TreeMap<>();
    for (String pair : text.split(",", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      EtcdUrl url = EtcdUrl.parse(equals < 0 ? "" : pair.substring(equals + 1));
      members.computeIfAbsent(name, unused -> new ArrayList<>()).add(url);
    }
    members.replaceAll(
        (name, urls) -> {
          urls.sort(Comparator.comparing(EtcdUrl::text));
          return List.copyOf(urls);
        });
    return Collections.unmodifiableMap(members);
  }

  /** The sorted {@code name=url} pairs, as etcd's start line shows them. */
  public static String format(Map<String, List<EtcdUrl>> members) {
    return members.entrySet().stream()
        .flatMap(member -> member.getValue().stream().map(url -> member.getKey() + "=" + url))
        .sorted()
        .collect(Collectors.joining(","));
  }

  /** What a lone member's {@code --initial-cluster} is if nobody gave one. */
  static String ofOne(String name, List<EtcdUrl> peerUrls) {
    return peerUrls.stream()
        .map(url -> (name.isEmpty() ? "default" : name) + "=" + url)
        .collect(Collectors.joining(","));
  }
}
