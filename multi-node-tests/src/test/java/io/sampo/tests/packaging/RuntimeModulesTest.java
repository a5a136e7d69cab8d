package io.sampo.tests.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The runtime is linked from a list of modules, which code may outgrow. */
class RuntimeModulesTest {

  private static final Pattern MODULE = Pattern.compile("-> (java|jdk)\\.([a-z.]+)");

  @Test
  void everyModuleThatSamposOwnJarsUseIsInTheRuntime() throws IOException {
    Path packaging = Checkout.root().resolve("node/src/packaging/stage");
    String stage = Files.readString(packaging);
    Set<String> missing = new TreeSet<>();
    Matcher used = MODULE.matcher(dependencies());
    while (used.find()) {
      String module = used.group(1) + "." + used.group(2);
      if (!Pattern.compile("(?m)^modules=.*\\b" + module + "(,|$)").matcher(stage).find()) {
        missing.add(module);
      }
    }
    assertEquals(Set.of(), missing, "not in " + packaging);
  }

  private static String dependencies() {
    List<String> words = new ArrayList<>(List.of("-s", "--ignore-missing-deps"));
    for (String module : List.of("protocol", "persistence", "http-gateway", "node")) {
      words.add(Checkout.root().resolve(module + "/target/classes").toString());
    }
    StringWriter out = new StringWriter();
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    jdeps.run(new PrintWriter(out), new PrintWriter(out), words.toArray(String[]::new));
    return out.toString();
  }
}
