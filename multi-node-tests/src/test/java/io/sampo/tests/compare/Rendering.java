package io.sampo.tests.compare;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.Status;
import io.sampo.tests.process.Http;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answers as text, without what two servers cannot have in common: identities, addresses, sizes,
 * Raft positions, the rest of a lease's life. Whether such a field is set still counts.
 */
final class Rendering {

  /** By the field's JSON name as etcd writes it, which is its proto name. */
  private static final Set<String> MASKED =
      Set.of(
          "cluster_id",
          "member_id",
          "raft_term",
          "dbSize",
          "dbSizeInUse",
          "leader",
          "raftIndex",
          "raftTerm",
          "raftAppliedIndex",
          "peerURLs",
          "clientURLs",
          "blob",
          "token",
          "remaining_bytes");

  private static final Set<String> MASKED_MESSAGES =
      Set.of("etcdserverpb.Member.ID", "etcdserverpb.HashResponse.hash");

  private static final Comparator<Object> BY_BYTES =
      Comparator.comparing(ByteString.class::cast, ByteString.unsignedLexicographicalComparator());

  private Rendering() {}

  /** An empty text and none are the same to a client. */
  static String status(Status status) {
    String text = status.getDescription() == null ? "" : status.getDescription();
    return status.getCode() + ": " + plainSpaces(text) + "\n";
  }

  /**
   * Go's protobuf library puts a no-break space into its error texts, and a second space between
   * the fields of a message, build by build, so that nobody relies on them.
   */
  private static String plainSpaces(String text) {
    return text.replace('\u00a0', ' ');
  }

  private static String singleSpaces(Object fields) {
    return fields.toString().replaceAll(" {2,}", " ");
  }

  static String message(Message message) {
    return TextFormat.printer().printToString(mask(message));
  }

  private static Message mask(Message message) {
    Message.Builder masked = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      FieldDescriptor descriptor = field.getKey();
      if (isMasked(descriptor)) {
        maskField(masked, descriptor);
      } else if (descriptor.getFullName().equals("etcdserverpb.LeaseTimeToLiveResponse.TTL")) {
        masked.setField(descriptor, Long.signum((Long) field.getValue()) * 1L);
      } else if (descriptor.getFullName().equals("etcdserverpb.LeaseTimeToLiveResponse.keys")) {
        // etcd gives them in the order of a Go map.
        masked.setField(
            descriptor, ((List<?>) field.getValue()).stream().sorted(BY_BYTES).toList());
      } else if (descriptor.getFullName().equals("etcdserverpb.StatusResponse.errors")) {
        masked.setField(
            descriptor,
            ((List<?>) field.getValue()).stream().map(Rendering::singleSpaces).toList());
      } else if (descriptor.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        maskInside(masked, descriptor, field.getValue());
      }
    }
    return masked.build();
  }

  private static boolean isMasked(FieldDescriptor field) {
    boolean scalar = field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
    return scalar && MASKED.contains(field.getName())
        || MASKED_MESSAGES.contains(field.getFullName());
  }

  private static void maskField(Message.Builder masked, FieldDescriptor field) {
    masked.clearField(field);
    switch (field.getJavaType()) {
      case LONG -> masked.setField(field, 1L);
      case INT -> masked.setField(field, 1);
      case STRING -> {
        if (field.isRepeated()) {
          masked.addRepeatedField(field, "masked");
        } else {
          masked.setField(field, "masked");
        }
      }
      default -> {
        // Bytes: only their presence in a stream's message could count, and its size may differ.
      }
    }
  }

  private static void maskInside(Message.Builder masked, FieldDescriptor field, Object value) {
    if (field.isRepeated()) {
      List<?> elements = (List<?>) value;
      for (int i = 0; i < elements.size(); i++) {
        masked.setRepeatedField(field, i, mask((Message) elements.get(i)));
      }
    } else {
      masked.setField(field, mask((Message) value));
    }
  }

  static String http(Http.Answer answer) {
    StringBuilder text = new StringBuilder();
    text.append(answer.status()).append(' ').append(answer.contentType()).append('\n');
    answer.body().lines().forEach(line -> text.append(json(line)).append('\n'));
    return text.toString();
  }

  /** JSON with its members in order and masked; anything else as it is. */
  private static String json(String line) {
    if (!line.startsWith("{")) {
      return line;
    }
    try {
      return plainSpaces(sorted(JsonParser.parseString(line)).toString());
    } catch (JsonSyntaxException notJson) {
      return line;
    }
  }

  private static JsonElement sorted(JsonElement element) {
    if (element.isJsonArray()) {
      JsonArray array = new JsonArray();
      element.getAsJsonArray().forEach(one -> array.add(sorted(one)));
      return array;
    }
    if (!element.isJsonObject()) {
      return element;
    }
    JsonObject object = element.getAsJsonObject();
    boolean isMember = object.has("peerURLs");
    JsonObject copy = new JsonObject();
    for (String name : new TreeSet<>(object.keySet())) {
      boolean scalar = !object.get(name).isJsonObject(); // a LeaderKey is called leader too
      boolean masked = scalar && MASKED.contains(name) || isMember && name.equals("ID");
      copy.add(name, masked ? new JsonPrimitive("masked") : sorted(object.get(name)));
    }
    return copy;
  }
}
