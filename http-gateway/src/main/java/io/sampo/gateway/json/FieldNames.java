package io.sampo.gateway.json;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names under which a message's fields may come: the JSON name first, then the proto name. */
final class FieldNames {
  private static final Map<Descriptor, FieldNames> CACHE = new ConcurrentHashMap<>();

  private final Map<String, FieldDescriptor> byName = new HashMap<>();

  private FieldNames(Descriptor descriptor) {
    for (FieldDescriptor field : descriptor.getFields()) {
      byName.put(field.getName(), field);
    }
    for (FieldDescriptor field : descriptor.getFields()) {
      byName.put(field.getJsonName(), field);
    }
  }

  static FieldNames of(Descriptor descriptor) {
    return CACHE.computeIfAbsent(descriptor, FieldNames::new);
  }

  /** The field, or null if the message has none of that name. */
  FieldDescriptor find(String name) {
    return byName.get(name);
  }
}
