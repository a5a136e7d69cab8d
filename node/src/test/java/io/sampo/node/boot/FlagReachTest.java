package io.sampo.node.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.boot.flag.FlagSpec;
import io.sampo.node.boot.flag.FlagSpec.Status;
import io.sampo.node.boot.flag.FlagTable;
import io.sampo.node.boot.flag.Notice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set by each flag; or that one without effect is said. */
class FlagReachTest {
  /** What decides before there is a configuration, and whose other values are all refused. */
  private static final Set<String> NOT_CONFIGURATION =
      Set.of("config-file", "version", "logger", "discovery-fallback", "v2-deprecation");

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "reach.csv", delimiter = '|', numLinesToSkip = 1)
  void aSupportedFlagReachesTheConfiguration(String flags, String component, String value)
      throws ReflectiveOperationException {
    assertEquals(value, component(start(flags).config(), component));
  }

  @Test
  void everySupportedFlagIsInThatTable() throws IOException {
    Set<String> expected = new TreeSet<>();
    for (FlagSpec spec : FlagTable.etcd().all()) {
      boolean works = spec.status() == Status.SUPPORTED || spec.status() == Status.DEPRECATED;
      if (works && !NOT_CONFIGURATION.contains(spec.name())) {
        expected.add(spec.name());
      }
    }
    assertEquals(expected, namedInTheTable());
  }

  @ParameterizedTest
  @MethodSource("withoutEffect")
  void aFlagWithoutEffectIsNamedInTheLog(String flag) {
    Notice notice =
        start(another(flag)).notices().stream()
            .filter(said -> flag.equals(said.fields().get("flag")))
            .findFirst()
            .orElseThrow();
    assertEquals("flag has no effect in Sampo", notice.message());
    assertNotEquals("", notice.fields().get("reason"));
  }

  @ParameterizedTest
  @MethodSource("deprecated")
  void aDeprecatedFlagIsWarnedOf(String flag) {
    assertTrue(
        start(another(flag)).notices().stream()
            .anyMatch(said -> said.message().startsWith("--" + flag + " is deprecated")));
  }

  static Stream<String> withoutEffect() {
    return flags(Status.NO_EFFECT);
  }

  static Stream<String> deprecated() {
    return flags(Status.DEPRECATED);
  }

  private static Stream<String> flags(Status status) {
    return FlagTable.etcd().all().stream()
        .filter(spec -> spec.status() == status)
        .map(FlagSpec::name);
  }

  /** The flag with a value that is not its default. */
  private static String another(String flag) {
    FlagSpec spec = FlagTable.etcd().get(flag);
    String value =
        switch (spec.type()) {
          case BOOL -> String.valueOf(!spec.defaultText().equals("true"));
          case DURATION -> "77s";
          case V2_STAGE -> "gone";
          case STRING, STRINGS, UNIQUE_STRINGS -> "other";
          default -> "7";
        };
    return "--" + flag + "=" + value;
  }

  private static Set<String> namedInTheTable() throws IOException {
    try (BufferedReader table =
        new BufferedReader(
            new InputStreamReader(
                FlagReachTest.class.getResourceAsStream("reach.csv"), StandardCharsets.UTF_8))) {
      return table
          .lines()
          .skip(1)
          .map(line -> line.substring(2).split("[= |]")[0])
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String component(Object config, String path) throws ReflectiveOperationException {
    Object value = config;
    for (String name : path.split("\\.")) {
      value = value.getClass().getMethod(name).invoke(value);
    }
    return String.valueOf(value);
  }

  private static Boot.Outcome.Start start(String flags) {
    return assertInstanceOf(
        Boot.Outcome.Start.class, Boot.read(List.of(flags.split(" ")), Map.of()));
  }
}
