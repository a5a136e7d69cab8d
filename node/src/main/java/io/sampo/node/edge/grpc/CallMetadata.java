package io.sampo.node.edge.grpc;

import io.sampo.node.edge.http2.frame.RequestHead;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.apache.pekko.grpc.javadsl.MetadataEntry;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.util.ByteString;

/** A call's metadata in Pekko gRPC's form, made only if somebody asks for more than a text. */
final class CallMetadata implements Metadata, CallOrigin {
  private final RequestHead head;
  private final SocketAddress remote;
  private final Supplier<Optional<String>> clientName;

  CallMetadata(RequestHead head, SocketAddress remote, Supplier<Optional<String>> clientName) {
    this.head = head;
    this.remote = remote;
    this.clientName = clientName;
  }

  @Override
  public SocketAddress remote() {
    return remote;
  }

  @Override
  public String path() {
    return head.path();
  }

  @Override
  public Optional<String> commonName() {
    return clientName.get();
  }

  private Metadata whole() {
    List<HttpHeader> headers = new ArrayList<>();
    for (int i = 0; i < head.size(); i++) {
      headers.add(RawHeader.create(head.name(i), head.value(i)));
    }
    return MetadataBuilder.fromHeaders(headers);
  }

  /** Of several fields of one name the first, as etcd takes it. */
  @Override
  public Optional<String> getText(String key) {
    String text = head.get(key);
    return text == null || !key.endsWith("-bin") ? Optional.ofNullable(text) : whole().getText(key);
  }

  @Override
  public Optional<ByteString> getBinary(String key) {
    return head.get(key) == null ? Optional.empty() : whole().getBinary(key);
  }

  @Override
  public Map<String, List<MetadataEntry>> asMap() {
    return whole().asMap();
  }

  @Override
  public List<Pair<String, MetadataEntry>> asList() {
    return whole().asList();
  }

  @Override
  public org.apache.pekko.grpc.scaladsl.Metadata asScala() {
    return whole().asScala();
  }
}
