package io.sampo.gateway.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.sampo.protocol.error.EtcdError;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one JSON object into a message as protojson does with DiscardUnknown: JSON and proto names
 * both count, unknown fields and unknown enum names are ignored, null leaves a field unset, numbers
 * may be strings, bytes may be any base64. What it refuses, it refuses with protojson's text.
 */
public final class ProtoJsonReader {
  /**
   * How many messages a request may be made of: each costs far more memory than its text. Only a
   * transaction has many, and it may have 128 operations unless a flag says otherwise.
   */
  private static final int MAX_MESSAGES = 100_000;

  private final JsonText text;
  private int messages;

  private ProtoJsonReader(byte[] value) {
    this.text = new JsonText(value);
  }

  /**
   * @param value one JSON value as {@link JsonValues} cuts it
   */
  public static Message read(byte[] value, Message prototype) throws JsonSyntaxException {
    Message.Builder builder = prototype.newBuilderForType();
    new ProtoJsonReader(value).readMessage(builder);
    return builder.build();
  }

  private void readMessage(Message.Builder builder) throws JsonSyntaxException {
    if (++messages > MAX_MESSAGES) {
      throw new JsonSyntaxException(EtcdError.TOO_MANY_OPS.text());
    }
    text.peek();
    int at = text.position();
    if (!text.take('{')) {
      throw text.unexpectedToken(at);
    }
    FieldNames names = FieldNames.of(builder.getDescriptorForType());
    Set<FieldDescriptor> seen = new HashSet<>();
    Set<OneofDescriptor> seenOneofs = new HashSet<>();
    while (!text.take('}')) {
      text.take(',');
      text.peek();
      int nameAt = text.position();
      FieldDescriptor field = names.find(text.string());
      text.take(':');
      if (field == null) {
        text.skipValue();
        continue;
      }
      if (!seen.add(field)) {
        throw text.error(nameAt, "duplicate field " + text.token(nameAt));
      }
      if (text.peek() == 'n') {
        text.skipValue();
        continue;
      }
      OneofDescriptor oneof = field.getContainingOneof();
      if (oneof != null && !seenOneofs.add(oneof)) {
        throw text.error(
            nameAt,
            "error parsing "
                + text.token(nameAt)
                + ", oneof "
                + oneof.getFullName()
                + " is already set");
      }
      readField(builder, field);
    }
  }

  private void readField(Message.Builder builder, FieldDescriptor field)
      throws JsonSyntaxException {
    if (!field.isRepeated()) {
      readValue(builder, field).ifPresent(value -> builder.setField(field, value));
      return;
    }
    text.peek();
    int at = text.position();
    if (!text.take('[')) {
      throw text.unexpectedToken(at);
    }
    while (!text.take(']')) {
      text.take(',');
      readValue(builder, field).ifPresent(value -> builder.addRepeatedField(field, value));
    }
  }

  /** One value of the field; empty for an enum name that the enum does not have. */
  private Optional<Object> readValue(Message.Builder builder, FieldDescriptor field)
      throws JsonSyntaxException {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      Message.Builder nested = builder.newBuilderForField(field);
      readMessage(nested);
      return Optional.of(nested.build());
    }
    boolean quoted = text.peek() == '"';
    int at = text.position();
    if (text.peek() == '{' || text.peek() == '[') {
      throw invalid(field, at);
    }
    String value = quoted ? text.string() : text.bareWord();
    if (quoted && field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
      return Optional.ofNullable(field.getEnumType().findValueByName(value));
    }
    Optional<?> scalar =
        switch (field.getJavaType()) {
          case BOOLEAN -> quoted ? Optional.empty() : Scalars.bool(value);
          case STRING -> quoted ? Optional.of(value) : Optional.empty();
          case BYTE_STRING -> quoted ? Scalars.bytes(value) : Optional.empty();
          case INT -> Scalars.int32(value, Scalars.isUnsigned(field));
          case LONG -> Scalars.int64(value, Scalars.isUnsigned(field));
          case ENUM ->
              Scalars.int32(value, false)
                  .map(field.getEnumType()::findValueByNumberCreatingIfUnknown);
          default -> throw new IllegalStateException("no JSON form for " + field.getFullName());
        };
    if (scalar.isEmpty()) {
      throw invalid(field, at);
    }
    return Optional.of(scalar.get());
  }

  private JsonSyntaxException invalid(FieldDescriptor field, int at) throws JsonSyntaxException {
    String kind = field.getType().name().toLowerCase(Locale.ROOT);
    return text.error(
        at, "invalid value for " + kind + " field " + field.getJsonName() + ": " + text.token(at));
  }
}
