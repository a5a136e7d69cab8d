package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every folder of the checkout needs, read from the sources. */
class HouseTest {

  private static final Map<String, String> MODULE_PACKAGES =
      Map.of(
          "protocol", "io.sampo.protocol",
          "persistence", "io.sampo.persistence",
          "node", "io.sampo.node",
          "http-gateway", "io.sampo.gateway",
          "multi-node-tests", "io.sampo.tests");

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([a-z0-9_.]+);");
  private static final Pattern FOREIGN_TEST_FRAMEWORK =
      Pattern.compile(
          "(?m)^import (static )?(org\\.junit\\.(?!jupiter|platform)|org\\.scalatest|org\\.testng)");

  /** What a compiler or a JVM leaves where it runs when it breaks; no commit takes them. */
  private static final Pattern LEFT_BY_A_CRASH =
      Pattern.compile("javac\\..*\\.args|(hs_err|replay)_pid.*\\.log");

  @Test
  void topLevelFoldersAreTheOnesOfTheDesign() throws IOException {
    Set<String> folders = topLevel(Files::isDirectory);
    folders.removeIf(name -> name.equals("target") || name.endsWith(".etcd"));
    Set<String> expected = new TreeSet<>(MODULE_PACKAGES.keySet());
    expected.add("conf");
    assertEquals(expected, folders);
  }

  @Test
  void topLevelFilesAreTheOnesOfTheDesign() throws IOException {
    Set<String> files = topLevel(Files::isRegularFile);
    files.removeIf(LEFT_BY_A_CRASH.asMatchPredicate());
    assertEquals(new TreeSet<>(Set.of("README.md", "pom.xml")), files);
  }

  /** Names in the checkout's root that do not begin with a dot. */
  private static Set<String> topLevel(Predicate<Path> kind) throws IOException {
    try (Stream<Path> children = Files.list(Checkout.root())) {
      return children
          .filter(kind)
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void everyModuleKeepsToItsRootPackage() {
    List<String> strangers =
        MODULE_PACKAGES.entrySet().stream()
            .flatMap(
                module ->
                    sources(module.getKey()).stream()
                        .filter(source -> !isIn(source, module.getValue()))
                        .map(source -> source + " is not in " + module.getValue()))
            .toList();
    assertTrue(strangers.isEmpty(), () -> String.join("\n", strangers));
  }

  @Test
  void everyPackageSaysWhatLivesThere() {
    Set<Path> undocumented =
        MODULE_PACKAGES.keySet().stream()
            .flatMap(module -> sources(module).stream())
            .map(Path::getParent)
            .filter(directory -> !isDocumented(directory))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(
        undocumented.isEmpty(),
        () -> "a package-info.java of two sentences is missing in " + undocumented);
  }

  @Test
  void testsAreJunit5() {
    List<Path> strangers =
        MODULE_PACKAGES.keySet().stream()
            .flatMap(module -> sources(module).stream())
            .filter(source -> FOREIGN_TEST_FRAMEWORK.matcher(text(source)).find())
            .toList();
    assertTrue(strangers.isEmpty(), () -> "JUnit 5 and jqwik only: " + strangers);
  }

  private static List<Path> sources(String module) {
    Path src = Checkout.root().resolve(module).resolve("src");
    if (!Files.isDirectory(src)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(src)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isIn(Path source, String rootPackage) {
    String name = packageOf(text(source));
    return name.equals(rootPackage) || name.startsWith(rootPackage + ".");
  }

  private static String packageOf(String text) {
    var matcher = PACKAGE.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  /** A test shares the package of what it tests, and so its description. */
  private static boolean isDocumented(Path directory) {
    return isDescription(directory.resolve("package-info.java"))
        || isDescription(
            Path.of(directory.toString().replace("/src/test/java/", "/src/main/java/"))
                .resolve("package-info.java"));
  }

  private static boolean isDescription(Path file) {
    return Files.isRegularFile(file) && text(file).contains("/**");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
