package io.sampo.tests.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sampo.tests.client.Etcdctl;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The archive, unpacked where no Java can be seen. */
@RequiresTool({"tar", "env", "chmod", "etcdctl"})
class ArchiveTest {

  private static TempDirectory directory;
  private static Path home;

  @BeforeAll
  static void unpack() throws IOException {
    Packages.archive();
    directory = TempDirectory.create("sampo-archive");
    home = Packages.unpackInto(directory.path());
    // Not where it was made, nor where it was unpacked.
    home = Files.move(home, directory.path().resolve("moved to"));
    chmod("a-w");
  }

  @AfterAll
  static void remove() {
    if (directory != null) {
      chmod("u+w");
      directory.close();
    }
  }

  private static void chmod(String mode) {
    Command.of(List.of("chmod", "-R", mode, home.toString())).run().succeeded();
  }

  private static ServerProgram program(String launcher) {
    return new ServerProgram(
        "archive", List.of("env", "-i", "PATH=/nonexistent", home.resolve(launcher).toString()));
  }

  /** Where the build had no Java 25, the launcher trains an archive itself. */
  private static void assumeShipped() {
    assumeTrue(Files.exists(home.resolve("lib/classes.archive")), "built without a class archive");
  }

  @Test
  void servesWithItsOwnJavaAndClassArchiveAndWritesNothingIntoItsFolder() throws IOException {
    assumeShipped();
    Map<Path, FileTime> before = files();
    try (ServerUnderTest server = ServerUnderTest.start(program("bin/etcd"))) {
      Etcdctl etcdctl = new Etcdctl(server);
      etcdctl.put("greeting", "hello");
      assertEquals(List.of("greeting", "hello"), etcdctl.lines("get", "greeting"));
      assertEquals(
          home.resolve("runtime/bin/java").toRealPath(),
          Path.of("/proc/" + server.pid() + "/exe").toRealPath());
      assertTrue(mapsClassArchive(server), "the class archive is in use");
      assertEquals(List.of(), notJson(server));
    }
    assertEquals(before, files());
  }

  @Test
  void startsWithoutAWordIfTheClassArchiveIsForOtherJars() throws IOException {
    assumeShipped();
    Path jar =
        home.resolve("lib").resolve(Packages.names(home.resolve("lib"), ".jar").iterator().next());
    FileTime time = Files.getLastModifiedTime(jar);
    Files.setLastModifiedTime(jar, FileTime.fromMillis(time.toMillis() + 60_000));
    try (ServerUnderTest server = ServerUnderTest.start(program("bin/sampo"))) {
      assertFalse(mapsClassArchive(server), "the class archive is not for these jars");
      assertEquals(List.of(), notJson(server));
    } finally {
      Files.setLastModifiedTime(jar, time);
    }
  }

  @Test
  void listsEveryLibrary() throws IOException {
    String components = Files.readString(home.resolve("sampo.cdx.json"));
    String licences = Files.readString(home.resolve("licences/DEPENDENCIES.txt"));
    for (String jar : Packages.names(home.resolve("lib"), ".jar")) {
      String name = jar.substring(0, jar.length() - ".jar".length());
      String version = name.substring(versionStart(name));
      String artifact = name.substring(0, name.length() - version.length() - 1);
      assertTrue(components.contains("/" + artifact + "@" + version), "SBOM: " + jar);
      assertTrue(
          isOurs(artifact) || licences.contains(":" + artifact + ":" + version), "licence: " + jar);
    }
    assertFalse(licences.contains("Unknown license"), licences);
  }

  private static int versionStart(String name) {
    for (int i = name.indexOf('-'); i >= 0; i = name.indexOf('-', i + 1)) {
      if (Character.isDigit(name.charAt(i + 1))) {
        return i + 1;
      }
    }
    throw new AssertionError("no version: " + name);
  }

  private static boolean isOurs(String artifact) {
    return List.of("node", "protocol", "persistence", "http-gateway").contains(artifact);
  }

  private static boolean mapsClassArchive(ServerUnderTest server) throws IOException {
    return Files.readString(Path.of("/proc/" + server.pid() + "/maps")).contains("classes.archive");
  }

  private static List<String> notJson(ServerUnderTest server) {
    return server.log().lines().filter(line -> !line.startsWith("{")).toList();
  }

  private static Map<Path, FileTime> files() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }
}
