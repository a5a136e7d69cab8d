package io.sampo.node.boot;

import io.sampo.protocol.version.EtcdVersion;

/** What {@code --version} prints, and the first lines of the log. */
public final class VersionText {
  private VersionText() {}

  /** Sampo's own version, from the jar's manifest; "development" when run from class files. */
  public static String sampo() {
    String version = VersionText.class.getPackage().getImplementationVersion();
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

  /** etcd's four lines of {@code --version}, and one more. */
  public static String text() {
    return """
    etcd Version: %s
    Git SHA: %s
    Go Version: %s
    Go OS/Arch: %s/%s
    Sampo Version: %s
    """
        .formatted(
            EtcdVersion.SERVER, commit(), EtcdVersion.runtime(), os(), architecture(), sampo());
  }
}
