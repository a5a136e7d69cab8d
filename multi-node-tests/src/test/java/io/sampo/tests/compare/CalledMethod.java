package io.sampo.tests.compare;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.sampo.protocol.etcdserverpb.RpcProto;
import io.sampo.protocol.v3electionpb.CampaignRequest;
import io.sampo.protocol.v3lockpb.LockRequest;
import java.util.Objects;
import java.util.stream.Stream;

/** A method of etcd's services, found by its name, with requests in protobuf's text form. */
public record CalledMethod(MethodDescriptor descriptor) {

  /**
   * @param name as in {@code KV/Put}
   */
  public static CalledMethod of(String name) {
    String[] parts = name.split("/");
    return Stream.of(
            RpcProto.getDescriptor(),
            LockRequest.getDescriptor().getFile(),
            CampaignRequest.getDescriptor().getFile())
        .map(file -> file.findServiceByName(parts[0]))
        .filter(Objects::nonNull)
        .map(service -> new CalledMethod(service.findMethodByName(parts[1])))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such method: " + name));
  }

  /** As in {@code /etcdserverpb.KV/Put}. */
  public String path() {
    return "/" + descriptor.getService().getFullName() + "/" + descriptor.getName();
  }

  /** A request of it in protobuf's text form. */
  public Message request(String text) {
    DynamicMessage.Builder request = DynamicMessage.newBuilder(descriptor.getInputType());
    try {
      TextFormat.merge(text, request);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(path() + " " + text + ": " + e.getMessage(), e);
    }
    return request.build();
  }

  /** What its answers are read with. */
  public Message answer() {
    return DynamicMessage.getDefaultInstance(descriptor.getOutputType());
  }
}
