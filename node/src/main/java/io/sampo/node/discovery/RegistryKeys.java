package io.sampo.node.discovery;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Where etcd keeps a cluster that is being formed.
 *
 * @param size the number of its members
 * @param members the prefix of the keys of its members
 */
record RegistryKeys(String size, String members) {
  private static final String REGISTRY = "/_etcd/registry/";

  static RegistryKeys of(String token) {
    return new RegistryKeys(
        clean(REGISTRY + token + "/_config/size"), clean(REGISTRY + token + "/members"));
  }

  /** Of one member, by its id in hexadecimal. */
  String member(String id) {
    return members + "/" + id;
  }

  /** As Go's {@code path.Join} does: a token may look like a path. */
  private static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }
}
