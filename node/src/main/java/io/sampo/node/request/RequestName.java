package io.sampo.node.request;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequestOrBuilder;

/** What etcd 3.7.1 calls the kinds of requests in its metrics ({@code op} and {@code type}). */
public final class RequestName {
  private RequestName() {}

  /** Such as {@code Put}, {@code ClusterMemberAttrSet}; {@code unknown} if nothing is asked. */
  public static String of(InternalRaftRequestOrBuilder request) {
    if (request.hasPut()) {
      return "Put";
    }
    if (request.hasTxn()) {
      return "Txn";
    }
    for (FieldDescriptor field : InternalRaftRequest.getDescriptor().getFields()) {
      if (!field.getName().equals("header")
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && request.hasField(field)) {
        return camelCase(field.getName());
      }
    }
    return "unknown";
  }

  private static String camelCase(String name) {
    StringBuilder words = new StringBuilder();
    for (String word : name.split("_")) {
      words.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return words.toString();
  }
}
