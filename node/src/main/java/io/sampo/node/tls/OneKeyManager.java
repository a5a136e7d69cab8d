package io.sampo.node.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Shows the same certificate to everybody, whatever authorities the other side names (as etcd
 * does). For one connection: the files are read when the handshake asks, once.
 */
final class OneKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "sampo";

  private final Supplier<Optional<KeyPair>> files;
  private Optional<KeyPair> pair;

  /**
   * @param files empty if they cannot be read; the handshake then goes on without a certificate
   */
  OneKeyManager(Supplier<Optional<KeyPair>> files) {
    this.files = files;
  }

  private synchronized Optional<KeyPair> pair() {
    if (pair == null) {
      pair = files.get();
    }
    return pair;
  }

  /** TLS 1.3 asks for EdDSA by the names of its curves, TLS 1.2 for EC with the signer's kind. */
  private Optional<String> alias(String... keyTypes) {
    return pair()
        .map(found -> found.key().getAlgorithm())
        .filter(
            algorithm ->
                Arrays.stream(keyTypes)
                    .anyMatch(
                        type ->
                            type.equals(algorithm)
                                || type.startsWith(algorithm + "_")
                                || (algorithm.equals("EdDSA") && type.startsWith("Ed"))))
        .map(algorithm -> ALIAS);
  }

  @Override
  public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    return alias(keyTypes).orElse(null);
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return alias(keyType).orElse(null);
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return alias(keyTypes).orElse(null);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return alias(keyType).orElse(null);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return alias(keyType).map(found -> new String[] {found}).orElse(null);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return getClientAliases(keyType, issuers);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return pair().map(found -> found.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return pair().map(KeyPair::key).orElse(null);
  }
}
