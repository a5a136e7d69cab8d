package io.sampo.gateway.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Writes messages as etcd's gateway does: proto names in the order of declaration, no defaults, no
 * white space, 64-bit numbers as strings, bytes as base64, enums by name.
 */
public final class ProtoJsonWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final boolean escapeHtml;

  /**
   * @param escapeHtml whether {@code < > &} and the line separators of Unicode are escaped in
   *     strings: what passes through Go's encoding/json is, what protojson writes is not
   */
  public ProtoJsonWriter(boolean escapeHtml) {
    this.escapeHtml = escapeHtml;
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }

  /** Writes characters as they are; they must be ASCII. */
  public ProtoJsonWriter raw(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      out.write(ascii.charAt(i));
    }
    return this;
  }

  public ProtoJsonWriter message(Message message) {
    out.write('{');
    boolean first = true;
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean present =
          field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
      if (present) {
        if (!first) {
          out.write(',');
        }
        first = false;
        field(message, field);
      }
    }
    out.write('}');
    return this;
  }

  private void field(Message message, FieldDescriptor field) {
    raw("\"").raw(field.getName()).raw("\":");
    if (!field.isRepeated()) {
      value(field, message.getField(field));
      return;
    }
    int count = message.getRepeatedFieldCount(field);
    for (int i = 0; i < count; i++) {
      out.write(i == 0 ? '[' : ',');
      value(field, message.getRepeatedField(field, i));
    }
    out.write(']');
  }

  private void value(FieldDescriptor field, Object value) {
    switch (field.getJavaType()) {
      case MESSAGE -> message((Message) value);
      case STRING -> string((String) value);
      case BYTE_STRING -> base64((ByteString) value);
      case ENUM -> enumeration((EnumValueDescriptor) value);
      case BOOLEAN -> raw(value.toString());
      case INT ->
          raw(
              Scalars.isUnsigned(field)
                  ? Integer.toUnsignedString((Integer) value)
                  : value.toString());
      case LONG -> {
        String digits =
            Scalars.isUnsigned(field) ? Long.toUnsignedString((Long) value) : value.toString();
        raw("\"").raw(digits).raw("\"");
      }
      default -> throw new IllegalStateException("no JSON form for " + field.getFullName());
    }
  }

  private void base64(ByteString bytes) {
    out.write('"');
    out.writeBytes(Base64.getEncoder().encode(bytes.toByteArray()));
    out.write('"');
  }

  private void enumeration(EnumValueDescriptor value) {
    // A number that the enum does not name has the index -1.
    if (value.getIndex() < 0) {
      raw(Integer.toString(value.getNumber()));
    } else {
      raw("\"").raw(value.getName()).raw("\"");
    }
  }

  public ProtoJsonWriter string(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char symbol = text.charAt(i);
      switch (symbol) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (symbol < 0x20 || (escapeHtml && isHtml(symbol))) {
            quoted.append(String.format("\\u%04x", (int) symbol));
          } else {
            quoted.append(symbol);
          }
        }
      }
    }
    out.writeBytes(quoted.append('"').toString().getBytes(StandardCharsets.UTF_8));
    return this;
  }

  private static boolean isHtml(char symbol) {
    return symbol == '<'
        || symbol == '>'
        || symbol == '&'
        || symbol == '\u2028'
        || symbol == '\u2029';
  }
}
