package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.Checkout;
import io.sampo.tests.process.FreePorts;
import io.sampo.tests.process.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code conf/cluster/start} does, with the files beside it on other ports. */
class SampleClusterTest {
  private static final Path FOLDER = Checkout.root().resolve("conf/cluster");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path directory;

  /** Their ports, and those of the test. */
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  private Process start;

  @BeforeEach
  void launch() throws IOException {
    for (String port : List.of("22379", "22380", "32379", "32380", "2379", "2380")) {
      ports.put(port, FreePorts.take());
    }
    List<String> words = new ArrayList<>(List.of(FOLDER.resolve("start").toString()));
    for (String member : List.of("one", "two", "three")) {
      String text = Files.readString(FOLDER.resolve(member + ".yaml"));
      for (Map.Entry<String, Integer> port : ports.entrySet()) {
        text = text.replace(":" + port.getKey(), ":" + port.getValue());
      }
      words.add(Files.writeString(directory.resolve(member + ".yaml"), text).toString());
    }
    start =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
  }

  @AfterEach
  void end() throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(start.descendants().toList());
    all.add(start.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    start.waitFor();
  }

  private String said() {
    try {
      return Files.readString(directory.resolve("said"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void awaitServing(String... clientPorts) {
    for (String port : clientPorts) {
      String url = "http://127.0.0.1:" + ports.get(port) + "/health";
      Await.until(
          LIMIT,
          this::said,
          () -> Http.tryGet(url).map(answer -> answer.status() == 200).orElse(false));
    }
  }

  private int stop() throws InterruptedException {
    start.destroy();
    assertTrue(start.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), this::said);
    return start.exitValue();
  }

  /** Of any length; what Java tells of it ends after a page. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .replace("\0", " ")
          .trim();
    } catch (IOException ended) {
      return "";
    }
  }

  @Test
  void oneCommandStartsAndStopsThreeMembers() throws InterruptedException {
    awaitServing("2379", "22379", "32379");
    for (String member : List.of("one", "two", "three")) {
      assertTrue(Files.isDirectory(directory.resolve(member + ".etcd/member")));
      assertTrue(said().contains("%-5s | {".formatted(member)), this::said);
    }
    assertEquals(0, stop(), this::said);
    assertTrue(said().contains("\ntwo   | stopped\n"), this::said);
  }

  @Test
  void aMemberThatEndsByItselfIsNamedAndTheOthersGoOn() throws InterruptedException {
    awaitServing("2379", "22379", "32379");
    start
        .descendants()
        .filter(each -> commandLine(each).contains("boot.Main"))
        .filter(each -> commandLine(each).endsWith("two.yaml"))
        .forEach(ProcessHandle::destroyForcibly);
    Await.until(LIMIT, this::said, () -> said().contains("two   | ENDED BY ITSELF with code 137"));
    awaitServing("2379", "32379");
    assertEquals(1, stop(), this::said);
  }
}
