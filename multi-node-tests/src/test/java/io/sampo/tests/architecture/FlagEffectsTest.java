package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.flag.FlagSpec;
import io.sampo.node.boot.flag.FlagSpec.Status;
import io.sampo.node.boot.flag.FlagTable;
import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whoever calls a flag supported names the test that shows its effect, and what the flag sets is
 * read by somebody.
 */
class FlagEffectsTest {
  /**
   * Read by the boot alone: the log's settings, the election timeout (others count its ticks), and
   * the quota in effect (others take the setting).
   */
  private static final Set<String> READ_BY_THE_BOOT =
      Set.of("NodeConfig.log", "Raft.electionTimeoutNanos", "Storage.quotaBackendBytes");

  @Test
  void everySupportedFlagHasATestThatShowsItsEffect() {
    Set<String> supported = new TreeSet<>();
    for (FlagSpec spec : FlagTable.etcd().all()) {
      if (spec.status() == Status.SUPPORTED || spec.status() == Status.DEPRECATED) {
        supported.add(spec.name());
      }
    }
    assertEquals(supported, new TreeSet<>(effects().keySet()));
  }

  @Test
  void theseTestsAreThere() {
    Map<String, String> tests = tests();
    Set<String> missing = new TreeSet<>();
    effects()
        .forEach(
            (flag, test) -> {
              String[] words = test.split("\\.");
              if (!tests.getOrDefault(words[0], "").contains("void " + words[1] + "(")) {
                missing.add(flag + ": " + test);
              }
            });
    assertTrue(missing.isEmpty(), () -> String.join("\n", missing));
  }

  @Test
  void whatIsConfiguredIsReadByThoseWhoRunTheNode() {
    Set<String> components = new TreeSet<>();
    for (Class<?> type : Stream.concat(Stream.of(NodeConfig.class), nested()).toList()) {
      for (RecordComponent component : type.getRecordComponents()) {
        components.add(type.getSimpleName() + "." + component.getName());
      }
    }
    for (JavaClass user : ProductionClasses.written()) {
      if (!user.getPackageName().equals("io.sampo.node.boot")) {
        for (JavaMethodCall call : user.getMethodCallsFromSelf()) {
          if (call.getTargetOwner().getName().startsWith(NodeConfig.class.getName())) {
            components.remove(call.getTargetOwner().getSimpleName() + "." + call.getName());
          }
        }
      }
    }
    components.removeAll(READ_BY_THE_BOOT);
    assertEquals(Set.of(), components);
  }

  private static Stream<Class<?>> nested() {
    return Stream.of(NodeConfig.class.getDeclaredClasses()).filter(Class::isRecord);
  }

  private static Map<String, String> effects() {
    try (InputStream table = FlagEffectsTest.class.getResourceAsStream("flag-effects.txt")) {
      Map<String, String> effects = new TreeMap<>();
      new String(table.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" \\| "))
          .forEach(cells -> effects.put(cells[0], cells[1]));
      return effects;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of every test class, by its name; of two of one name, both. */
  private static Map<String, String> tests() {
    Map<String, String> tests = new HashMap<>();
    for (String module :
        new String[] {"protocol", "persistence", "http-gateway", "node", "multi-node-tests"}) {
      try (Stream<Path> files = Files.walk(Checkout.root().resolve(module + "/src/test/java"))) {
        files
            .filter(file -> file.toString().endsWith("Test.java"))
            .forEach(file -> tests.merge(simpleName(file), read(file), String::concat));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return tests;
  }

  private static String simpleName(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
