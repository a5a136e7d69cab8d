package io.sampo.node.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A private key and the certificates that vouch for it, its own first. The errors are those of Go's
 * {@code tls.X509KeyPair}.
 */
record KeyPair(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] PROBE = {1};

  /** Of the contents of two PEM files. */
  static KeyPair parse(byte[] certificateFile, byte[] keyFile) throws TlsException {
    List<X509Certificate> chain = new ArrayList<>();
    List<PemBlock> blocks = PemBlock.all(certificateFile);
    for (PemBlock block : blocks) {
      if (block.isCertificate()) {
        chain.add(certificate(block.der()));
      }
    }
    if (chain.isEmpty()) {
      throw new TlsException(missingCertificate(blocks));
    }
    PrivateKey key = PrivateKeys.parse(keyBlock(keyFile));
    requireMatch(chain.get(0).getPublicKey(), key);
    return new KeyPair(List.copyOf(chain), key);
  }

  static X509Certificate certificate(byte[] der) throws TlsException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new TlsException("x509: malformed certificate", e);
    }
  }

  private static String missingCertificate(List<PemBlock> blocks) {
    if (blocks.isEmpty()) {
      return "tls: failed to find any PEM data in certificate input";
    }
    if (blocks.size() == 1 && blocks.get(0).isKey()) {
      return "tls: failed to find certificate PEM data in certificate input, but did find a private"
          + " key; PEM inputs may have been switched";
    }
    return "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM"
        + " blocks of the following types: "
        + types(blocks);
  }

  private static PemBlock keyBlock(byte[] keyFile) throws TlsException {
    List<PemBlock> blocks = PemBlock.all(keyFile);
    for (PemBlock block : blocks) {
      if (block.isKey()) {
        return block;
      }
    }
    if (blocks.isEmpty()) {
      throw new TlsException("tls: failed to find any PEM data in key input");
    }
    if (blocks.size() == 1 && blocks.get(0).isCertificate()) {
      throw new TlsException(
          "tls: found a certificate rather than a key in the PEM for the private key");
    }
    throw new TlsException(
        "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after"
            + " skipping PEM blocks of the following types: "
            + types(blocks));
  }

  private static String types(List<PemBlock> blocks) {
    return blocks.stream().map(PemBlock::type).collect(Collectors.joining(" ", "[", "]"));
  }

  /** What one signs, the other must verify: the way that holds for every algorithm. */
  private static void requireMatch(PublicKey publicKey, PrivateKey key) throws TlsException {
    String algorithm = key.getAlgorithm();
    if (!publicKey.getAlgorithm().equals(algorithm)) {
      throw new TlsException("tls: private key type does not match public key type");
    }
    String name = algorithm.equals("EdDSA") ? "EdDSA" : "SHA256with" + signatureOf(algorithm);
    try {
      Signature signature = Signature.getInstance(name);
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(PROBE);
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException("tls: private key does not match public key", e);
    }
    throw new TlsException("tls: private key does not match public key");
  }

  private static String signatureOf(String algorithm) {
    return algorithm.equals("EC") ? "ECDSA" : algorithm;
  }
}
