package io.sampo.node.edge;

import io.sampo.node.boot.flag.EtcdUrl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An address that clients reach, with the schemes that are served there: both if both are listed.
 *
 * @param url the first of those that name it
 * @param plain whether without TLS
 * @param secure whether with TLS
 */
public record ListenAddress(EtcdUrl url, boolean plain, boolean secure) {

  /** The addresses of the URLs, in their order, each once. */
  public static List<ListenAddress> of(List<EtcdUrl> urls) {
    Map<String, ListenAddress> addresses = new LinkedHashMap<>();
    for (EtcdUrl url : urls) {
      addresses.merge(
          url.address(),
          new ListenAddress(url, !url.isSecure(), url.isSecure()),
          (first, next) ->
              new ListenAddress(first.url, first.plain || next.plain, first.secure || next.secure));
    }
    return new ArrayList<>(addresses.values());
  }

  /** gRPC alone is served with TLS only where both schemes are listed, as in etcd 3.7.1. */
  public ListenAddress ofGrpcAlone() {
    return new ListenAddress(url, plain && !secure, secure);
  }
}
