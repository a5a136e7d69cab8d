package io.sampo.node.state.membership;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.sampo.protocol.raftpb.ConfState;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The JSON that etcd's database has of voters and of a downgrade. */
public final class ClusterJson {
  private ClusterJson() {}

  /** {@code {"voters":[…],"learners":[…],"auto_leave":false}}; empty lists are left out. */
  public static byte[] encode(ConfState confState) {
    JsonObject object = new JsonObject();
    add(object, "voters", confState.getVotersList());
    add(object, "learners", confState.getLearnersList());
    add(object, "voters_outgoing", confState.getVotersOutgoingList());
    add(object, "learners_next", confState.getLearnersNextList());
    object.addProperty("auto_leave", confState.getAutoLeave());
    return GoJson.bytes(object);
  }

  /**
   * Reads what {@link #encode(ConfState)} writes.
   *
   * @throws IllegalArgumentException if it is not such JSON
   */
  public static ConfState decodeConfState(byte[] json) {
    JsonObject object = object(json);
    ConfState.Builder confState = ConfState.newBuilder();
    for (JsonElement id : list(object, "voters")) {
      confState.addVoters(Long.parseUnsignedLong(id.getAsString()));
    }
    for (JsonElement id : list(object, "learners")) {
      confState.addLearners(Long.parseUnsignedLong(id.getAsString()));
    }
    for (JsonElement id : list(object, "voters_outgoing")) {
      confState.addVotersOutgoing(Long.parseUnsignedLong(id.getAsString()));
    }
    for (JsonElement id : list(object, "learners_next")) {
      confState.addLearnersNext(Long.parseUnsignedLong(id.getAsString()));
    }
    JsonElement autoLeave = object.get("auto_leave");
    return confState.setAutoLeave(autoLeave != null && autoLeave.getAsBoolean()).build();
  }

  /** {@code {"target-version":"…","enabled":true}}. */
  public static byte[] encode(DowngradeState downgrade) {
    JsonObject object = new JsonObject();
    object.addProperty("target-version", downgrade.targetVersion());
    object.addProperty("enabled", downgrade.enabled());
    return GoJson.bytes(object);
  }

  /**
   * Reads what {@link #encode(DowngradeState)} writes.
   *
   * @throws IllegalArgumentException if it is not such JSON
   */
  public static DowngradeState decodeDowngrade(byte[] json) {
    JsonObject object = object(json);
    JsonElement enabled = object.get("enabled");
    JsonElement target = object.get("target-version");
    return new DowngradeState(
        enabled != null && enabled.getAsBoolean(), target == null ? "" : target.getAsString());
  }

  private static void add(JsonObject object, String name, List<Long> ids) {
    if (!ids.isEmpty()) {
      JsonArray array = new JsonArray();
      ids.forEach(id -> array.add(new JsonPrimitive(new BigInteger(Long.toUnsignedString(id)))));
      object.add(name, array);
    }
  }

  private static JsonArray list(JsonObject object, String name) {
    JsonElement element = object.get(name);
    return element == null || element.isJsonNull() ? new JsonArray() : element.getAsJsonArray();
  }

  private static JsonObject object(byte[] json) {
    try {
      return JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException("not a JSON object", e);
    }
  }
}
