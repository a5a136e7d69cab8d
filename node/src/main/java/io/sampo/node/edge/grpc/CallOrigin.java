package io.sampo.node.edge.grpc;

import java.net.SocketAddress;
import java.util.Optional;

/** What metadata of a call that came by gRPC also knows: where it came from, and where to. */
public interface CallOrigin {
  /**
   * The common name of the certificate that the client has shown and that was verified, empty text
   * if it has none; empty without such a certificate.
   */
  Optional<String> commonName();

  SocketAddress remote();

  /** The gRPC path. */
  String path();
}
