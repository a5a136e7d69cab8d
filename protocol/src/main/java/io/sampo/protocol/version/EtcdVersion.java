package io.sampo.protocol.version;

/** The etcd release that Sampo stands in for: tools compare these texts. */
public final class EtcdVersion {
  /** Version of the server, in {@code --version}, {@code /version} and {@code Status}. */
  public static final String SERVER = "3.7.1";

  /** Version of a cluster whose members all run this one. */
  public static final String CLUSTER = "3.7.0";

  /** Version of the stored form. */
  public static final String STORAGE = "3.7.0";

  private EtcdVersion() {}

  /** In place of Go's version. */
  public static String runtime() {
    return "java" + Runtime.version();
  }
}
