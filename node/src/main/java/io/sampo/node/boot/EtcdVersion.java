package io.sampo.node.boot;

/** The etcd release that Sampo stands in for: tools compare these texts. */
public final class EtcdVersion {
  /** Version of the server, in {@code --version}, {@code /version} and {@code Status}. */
  public static final String SERVER = "3.7.1";

  /** Version of a cluster whose members all run this one. */
  public static final String CLUSTER = "3.7.0";

  /** Version of the stored form. */
  public static final String STORAGE = "3.7.0";

  private EtcdVersion() {}

  /** Sampo's own version, from the jar's manifest; "development" when run from class files. */
  public static String sampo() {
    String version = EtcdVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** In place of etcd's commit. */
  static String commit() {
    return "sampo-" + sampo();
  }

  /** {@code linux} or {@code darwin}, as Go names systems. */
  static String os() {
    return System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
  }

  /** {@code amd64} or {@code arm64}, as Go names processors. */
  static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
  }

  /** In place of Go's version. */
  public static String runtime() {
    return "java" + Runtime.version();
  }

  /** etcd's four lines of {@code --version}, and one more. */
  public static String text() {
    return """
    etcd Version: %s
    Git SHA: %s
    Go Version: %s
    Go OS/Arch: %s/%s
    Sampo Version: %s
    """
        .formatted(SERVER, commit(), runtime(), os(), architecture(), sampo());
  }
}
