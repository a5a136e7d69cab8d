package io.sampo.tests.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A program that takes etcd's flags.
 *
 * @param name what reports call it
 * @param command the words before the flags
 */
public record ServerProgram(String name, List<String> command) {

  /**
   * The program under test: Sampo's launcher of this checkout, or what the system property {@code
   * sampo.server} names, so that a test can first be proven against a real etcd.
   */
  public static ServerProgram underTest() {
    String other = System.getProperty("sampo.server");
    if (other != null && !other.isBlank()) {
      return new ServerProgram("under test (" + other + ")", List.of(other.split(" ")));
    }
    return sampo();
  }

  /** Sampo's launcher of this checkout. */
  public static ServerProgram sampo() {
    return new ServerProgram(
        "sampo", List.of(Checkout.root().resolve("node/bin/sampo").toString()));
  }

  /** The etcd of the PATH (Debian's etcd-server is a 3.4), if there is one. */
  public static Optional<ServerProgram> etcdOfPath() {
    return Tool.find("etcd").map(path -> new ServerProgram("etcd", List.of(path.toString())));
  }

  /**
   * An etcd of the version that Sampo takes the place of: the system property {@code sampo.etcd} or
   * the environment variable SAMPO_ETCD names its file.
   */
  public static Optional<ServerProgram> etcdOfSameVersion() {
    String file = System.getProperty("sampo.etcd", System.getenv("SAMPO_ETCD"));
    if (file == null || file.isBlank()) {
      return Optional.empty();
    }
    if (!Files.isExecutable(Path.of(file))) {
      throw new IllegalArgumentException("sampo.etcd is not an executable file: " + file);
    }
    return Optional.of(new ServerProgram("etcd", List.of(file)));
  }

  /** Etcds of older versions: the files that the system property {@code sampo.etcd.older} names. */
  public static List<ServerProgram> olderEtcds() {
    return Arrays.stream(System.getProperty("sampo.etcd.older", "").split(","))
        .filter(file -> !file.isBlank())
        .map(file -> new ServerProgram("etcd (" + file + ")", List.of(file)))
        .toList();
  }

  /**
   * An etcd of the next version (3.8, or etcd's main): the system property {@code sampo.etcd.newer}
   * or the environment variable SAMPO_ETCD_NEWER names its file.
   */
  public static Optional<ServerProgram> newerEtcd() {
    String file = System.getProperty("sampo.etcd.newer", System.getenv("SAMPO_ETCD_NEWER"));
    return Optional.ofNullable(file)
        .filter(it -> !it.isBlank())
        .map(it -> new ServerProgram("etcd (" + it + ")", List.of(it)));
  }
}
