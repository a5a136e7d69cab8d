package io.sampo.node.edge.grpc;

import java.util.Optional;

/** Metadata of a call whose client may have shown a certificate that was verified. */
public interface ClientCertificate {
  /** The subject's common name, empty text if it has none; empty without such a certificate. */
  Optional<String> commonName();
}
