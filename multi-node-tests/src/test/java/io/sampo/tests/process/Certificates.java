package io.sampo.tests.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Authorities and certificates as operators make them: with openssl, into PEM files. */
public final class Certificates {
  private final Path folder;

  /**
   * @param folder that exists and holds the files
   */
  public Certificates(Path folder) {
    this.folder = folder;
  }

  /** Makes an authority. */
  public void authority(String name) {
    openssl(name, List.of("-subj", "/CN=" + name, "-days", "30"));
  }

  /**
   * Makes, or replaces, a certificate for loopback, good for both ends of a connection.
   *
   * @param authority that signs it
   */
  public void issue(String authority, String name) {
    openssl(
        name,
        List.of(
            "-subj",
            "/CN=" + name,
            "-days",
            "30",
            "-CA",
            cert(authority),
            "-CAkey",
            key(authority),
            "-addext",
            "basicConstraints=critical,CA:false",
            "-addext",
            "subjectAltName=IP:127.0.0.1,IP:127.0.0.2,DNS:localhost",
            "-addext",
            "extendedKeyUsage=serverAuth,clientAuth"));
  }

  public String cert(String name) {
    return folder.resolve(name + ".crt").toString();
  }

  public String key(String name) {
    return folder.resolve(name + ".key").toString();
  }

  private void openssl(String name, List<String> options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                key(name),
                "-out",
                cert(name)));
    words.addAll(options);
    Command.of(words).run().succeeded();
  }
}
