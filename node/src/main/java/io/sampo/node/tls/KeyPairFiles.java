package io.sampo.node.tls;

import java.util.Arrays;

/**
 * A key and its certificate in two files that may be replaced at any time. They are read for each
 * connection, so that new ones count from the next connection on, and parsed again only when their
 * bytes have changed. For any thread.
 */
final class KeyPairFiles {
  private final String certificateFile;
  private final String keyFile;

  /** What the last parsed pair was made of. */
  private byte[] certificateBytes = {};

  private byte[] keyBytes = {};
  private KeyPair pair;

  KeyPairFiles(String certificateFile, String keyFile) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
  }

  String certificateFile() {
    return certificateFile;
  }

  String keyFile() {
    return keyFile;
  }

  /** The pair of this moment. */
  synchronized KeyPair read() throws TlsException {
    byte[] certificate = TlsFiles.read(certificateFile);
    byte[] key = TlsFiles.read(keyFile);
    if (pair == null
        || !Arrays.equals(certificate, certificateBytes)
        || !Arrays.equals(key, keyBytes)) {
      pair = KeyPair.parse(certificate, key);
      certificateBytes = certificate;
      keyBytes = key;
    }
    return pair;
  }
}
