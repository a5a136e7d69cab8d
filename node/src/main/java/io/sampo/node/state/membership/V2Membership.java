package io.sampo.node.state.membership;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.sampo.protocol.raftpb.ConfState;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The members as etcd's v2 store has them, which every etcd up to 3.7 writes into its {@code .snap}
 * files and which etcd 3.4 believes rather than its database.
 */
public final class V2Membership {
  private V2Membership() {}

  /**
   * Reads a saved v2 store.
   *
   * @param confState who votes there; if empty, all members that are no learners do
   * @throws IllegalArgumentException if it is none
   */
  public static ClusterState decode(byte[] json, ConfState confState) {
    try {
      JsonObject root =
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
              .getAsJsonObject()
              .getAsJsonObject("Root");
      JsonObject cluster = child(root, "0");
      if (cluster == null) {
        throw new IllegalArgumentException("a saved v2 store without a cluster");
      }
      SortedMap<Long, ClusterMember> members = new TreeMap<>(Long::compareUnsigned);
      for (Map.Entry<String, JsonElement> node : children(child(cluster, "members")).entrySet()) {
        ClusterMember member = member(node.getKey(), node.getValue().getAsJsonObject());
        members.put(member.id(), member);
      }
      SortedSet<Long> removed = new TreeSet<>(Long::compareUnsigned);
      children(child(cluster, "removed_members"))
          .keySet()
          .forEach(id -> removed.add(Long.parseUnsignedLong(id, 16)));
      return new ClusterState(
          members,
          removed,
          confState.getVotersCount() == 0 ? votersOf(members) : confState,
          Optional.ofNullable(value(child(cluster, "version"))),
          Optional.empty());
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException
        | NumberFormatException e) {
      throw new IllegalArgumentException("not a saved v2 store", e);
    }
  }

  /** As etcd 3.7 counts them at its start: by what the members are. */
  public static ConfState votersOf(SortedMap<Long, ClusterMember> members) {
    ConfState.Builder confState = ConfState.newBuilder().setAutoLeave(false);
    for (ClusterMember member : members.values()) {
      if (member.learner()) {
        confState.addLearners(member.id());
      } else {
        confState.addVoters(member.id());
      }
    }
    return confState.build();
  }

  /** What Raft counts and what the member says of itself are two nodes of the store. */
  private static ClusterMember member(String id, JsonObject node) {
    JsonObject merged =
        JsonParser.parseString(value(child(node, "raftAttributes"))).getAsJsonObject();
    String attributes = value(child(node, "attributes"));
    if (attributes != null) {
      JsonParser.parseString(attributes)
          .getAsJsonObject()
          .entrySet()
          .forEach(field -> merged.add(field.getKey(), field.getValue()));
    }
    merged.addProperty("id", Long.toUnsignedString(Long.parseUnsignedLong(id, 16)));
    return MemberJson.decode(merged.toString().getBytes(StandardCharsets.UTF_8)).member();
  }

  private static JsonObject child(JsonObject node, String name) {
    JsonElement child = node == null ? null : children(node).get(name);
    return child == null ? null : child.getAsJsonObject();
  }

  private static JsonObject children(JsonObject node) {
    JsonElement children = node == null ? null : node.get("Children");
    return children == null || children.isJsonNull()
        ? new JsonObject()
        : children.getAsJsonObject();
  }

  /** Null if the node is not there. */
  private static String value(JsonObject node) {
    return node == null ? null : node.get("Value").getAsString();
  }
}
