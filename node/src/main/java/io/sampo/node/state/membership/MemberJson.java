package io.sampo.node.state.membership;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON in which etcd writes members into the log (the context of a membership change) and into
 * the members bucket: {@code {"id","peerURLs","isLearner","name","clientURLs"}}, zero fields left
 * out, and {@code isPromote} beside them in a change that promotes a learner.
 */
public final class MemberJson {
  private MemberJson() {}

  /** What a membership change says about a member. */
  public record Change(ClusterMember member, boolean promote) {}

  /** The record of the members bucket; also what a change that adds or updates a member carries. */
  public static byte[] encode(ClusterMember member) {
    return GoJson.bytes(object(member));
  }

  /** The array in which members tell each other who they are. */
  public static byte[] encodeAll(List<ClusterMember> members) {
    JsonArray array = new JsonArray();
    members.forEach(member -> array.add(object(member)));
    return GoJson.bytes(array);
  }

  /** The context of a change that makes a learner a voter. */
  public static byte[] encodePromotion(long id) {
    JsonObject object = object(new ClusterMember(id, List.of(), false, "", List.of()));
    object.addProperty("isPromote", true);
    return GoJson.bytes(object);
  }

  /**
   * Reads a member or the context of a change.
   *
   * @throws IllegalArgumentException if it is not such JSON
   */
  public static Change decode(byte[] json) {
    try {
      JsonObject object =
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
      return new Change(member(object), flag(object, "isPromote"));
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new IllegalArgumentException("not the JSON of a member", e);
    }
  }

  /**
   * Reads what {@link #encodeAll} writes.
   *
   * @throws IllegalArgumentException if it is not such JSON
   */
  public static List<ClusterMember> decodeAll(byte[] json) {
    try {
      List<ClusterMember> members = new ArrayList<>();
      for (JsonElement element :
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonArray()) {
        members.add(member(element.getAsJsonObject()));
      }
      return members;
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new IllegalArgumentException("not the JSON of members", e);
    }
  }

  private static ClusterMember member(JsonObject object) {
    return new ClusterMember(
        Long.parseUnsignedLong(text(object, "id", "0")),
        strings(object, "peerURLs"),
        flag(object, "isLearner"),
        text(object, "name", ""),
        strings(object, "clientURLs"));
  }

  private static JsonObject object(ClusterMember member) {
    JsonObject object = new JsonObject();
    object.add("id", new JsonPrimitive(new BigInteger(Long.toUnsignedString(member.id()))));
    object.add(
        "peerURLs", member.peerUrls().isEmpty() ? JsonNull.INSTANCE : array(member.peerUrls()));
    if (member.learner()) {
      object.addProperty("isLearner", true);
    }
    if (!member.name().isEmpty()) {
      object.addProperty("name", member.name());
    }
    if (!member.clientUrls().isEmpty()) {
      object.add("clientURLs", array(member.clientUrls()));
    }
    return object;
  }

  private static JsonArray array(List<String> strings) {
    JsonArray array = new JsonArray();
    strings.forEach(array::add);
    return array;
  }

  private static List<String> strings(JsonObject object, String name) {
    List<String> strings = new ArrayList<>();
    JsonElement element = object.get(name);
    if (element != null && !element.isJsonNull()) {
      element.getAsJsonArray().forEach(item -> strings.add(item.getAsString()));
    }
    return strings;
  }

  private static String text(JsonObject object, String name, String absent) {
    JsonElement element = object.get(name);
    return element == null || element.isJsonNull() ? absent : element.getAsString();
  }

  private static boolean flag(JsonObject object, String name) {
    JsonElement element = object.get(name);
    return element != null && !element.isJsonNull() && element.getAsBoolean();
  }
}
