package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A newcomer finds the file for a concept of etcd in the glossary of node/README.md. */
class GlossaryTest {
  private static final Path README = Checkout.root().resolve("node/README.md");
  private static final Path NODE = Checkout.root().resolve("node/src/main/java/io/sampo/node");
  private static final List<String> MODULES =
      List.of("protocol", "persistence", "node", "http-gateway");

  private static final Pattern TABLE =
      Pattern.compile("(?s)<!-- glossary -->(.*?)<!-- /glossary -->");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]*`[^|]*) \\|$");
  private static final Pattern FILE = Pattern.compile("`([^`]+)`");

  /** What a newcomer who knows etcd looks for. */
  private static final List<String> CONCEPTS =
      List.of(
          "lessor",
          "lease expiry",
          "revoke",
          "keep-alive",
          "lease checkpoint",
          "ReadIndex",
          "applied index",
          "apply",
          "watcher",
          "synced watchers",
          "unsynced watchers",
          "progress notify",
          "quota",
          "alarm",
          "member",
          "learner",
          "promotion",
          "leader transfer",
          "pre-vote",
          "vote counting",
          "check quorum",
          "snapshot send",
          "snapshot receive",
          "compaction",
          "auto-compaction",
          "hash / HashKV",
          "corruption check",
          "bootstrap",
          "cluster version",
          "publish",
          "request id",
          "proposal",
          "WAL (log)",
          "snapshot file",
          "MVCC store",
          "key index",
          "revision",
          "flag",
          "config file",
          "JSON route",
          "gRPC method",
          "defragment",
          "backend size",
          "peer stream (msgapp, message)",
          "pipeline",
          "peer probing",
          "TLS reload",
          "CRL",
          "metrics registry",
          "/health",
          "v3 lock",
          "v3 election");

  @Test
  void everyConceptIsInTheGlossary() throws IOException {
    TreeSet<String> missing = new TreeSet<>(CONCEPTS);
    missing.removeAll(glossary().keySet());
    assertTrue(missing.isEmpty(), () -> "add to the glossary of " + README + ": " + missing);
  }

  @Test
  void everyFileOfTheGlossaryExists() throws IOException {
    List<String> missing = new ArrayList<>();
    glossary()
        .forEach(
            (concept, files) ->
                files.stream()
                    .filter(file -> !Files.isRegularFile(resolve(file)))
                    .forEach(file -> missing.add(concept + ": " + file)));
    assertEquals(List.of(), missing, "moved or renamed? correct the glossary of " + README);
  }

  /** From concept to the files that its row names, at least one. */
  private static Map<String, List<String>> glossary() throws IOException {
    Matcher table = TABLE.matcher(Files.readString(README));
    assertTrue(table.find(), () -> README + " has no part between <!-- glossary --> comments");
    Map<String, List<String>> glossary = new LinkedHashMap<>();
    Matcher row = ROW.matcher(table.group(1));
    while (row.find()) {
      List<String> files =
          FILE.matcher(row.group(2)).results().map(result -> result.group(1)).toList();
      List<String> before = glossary.put(row.group(1), files);
      assertTrue(before == null, () -> "twice in the glossary: " + row.group(1));
    }
    return glossary;
  }

  /** A path is relative to the checkout if it begins with a module, else to the node's sources. */
  private static Path resolve(String file) {
    return MODULES.contains(file.substring(0, file.indexOf('/')))
        ? Checkout.root().resolve(file)
        : NODE.resolve(file);
  }
}
