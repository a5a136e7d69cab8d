package io.sampo.tests.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Which package of the node may know which, as node/README.md says it: the lines between the marks
 * {@code layers} name every package once, and a package imports only from lines below its own.
 */
class PackageLayersTest {
  private static final String NODE = "io.sampo.node.";
  private static final Pattern LAYERS =
      Pattern.compile("(?s)<!-- layers -->\\s*```(.*?)```\\s*<!-- /layers -->");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)*");

  /** Who reads the configuration; everybody else is handed what he needs of it. */
  private static final Set<String> CONFIGURED =
      Set.of("boot", "server", "bootstrap", "adopt", "training");

  private final Map<String, Integer> layers = layers();

  private static Map<String, Integer> layers() {
    String readme;
    try {
      readme = Files.readString(Checkout.root().resolve("node/README.md"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    Matcher block = LAYERS.matcher(readme);
    assertTrue(block.find(), "node/README.md names the layers between its marks");
    List<String> lines = block.group(1).strip().lines().toList();
    Map<String, Integer> layers = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String names = lines.get(i).split("—", 2)[0];
      Matcher name = NAME.matcher(names);
      while (name.find()) {
        Integer before = layers.put(name.group(), lines.size() - i);
        assertEquals(null, before, name.group() + " stands in one line only");
      }
    }
    return layers;
  }

  @Test
  void everyPackageHasItsLine() {
    Set<String> packages =
        ProductionClasses.written().stream()
            .map(PackageLayersTest::packageOf)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(layers.keySet()), packages);
  }

  @Test
  void aPackageKnowsOnlyThoseBelowIt() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass user : ProductionClasses.written()) {
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        String from = packageOf(user);
        String to = packageOf(dependency.getTargetClass());
        if (!from.isEmpty() && !to.isEmpty() && !from.equals(to)) {
          if (layers.getOrDefault(from, 0) <= layers.getOrDefault(to, 0)) {
            wrong.add(
                "%s knows %s: %s uses %s"
                    .formatted(
                        from, to, user.getSimpleName(), dependency.getTargetClass().getName()));
          }
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  @Test
  void onlyTheCompositionKnowsTheConfiguration() {
    Set<String> wrong = new TreeSet<>();
    for (JavaClass user : ProductionClasses.written()) {
      String from = packageOf(user);
      if (from.isEmpty() || CONFIGURED.contains(from)) {
        continue;
      }
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        if (packageOf(dependency.getTargetClass()).equals("boot")) {
          wrong.add(user.getName() + " uses " + dependency.getTargetClass().getName());
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
  }

  @Test
  void noPackagesKnowEachOther() {
    slices().matching("io.sampo.(**)").should().beFreeOfCycles().check(ProductionClasses.written());
  }

  /** Below {@code io.sampo.node}; empty for a class of another module. */
  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(NODE) ? name.substring(NODE.length()) : "";
  }
}
