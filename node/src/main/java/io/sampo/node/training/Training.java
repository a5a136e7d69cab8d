package io.sampo.node.training;

import io.sampo.node.boot.Boot;
import io.sampo.node.boot.Help;
import io.sampo.node.boot.StartupLog;
import io.sampo.node.boot.VersionText;
import io.sampo.node.logging.Logging;
import io.sampo.node.logging.LoggingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The launcher's rehearsal: does once what a node does, in a directory that is deleted again, so
 * that Java can write down which classes a start needs. Nobody else runs it.
 */
public final class Training {
  /** Well beyond what rehearsals take; the launcher then goes on without an archive. */
  private static final long LIMIT_SECONDS = 60;

  private static final int FAILURE = 1;

  private Training() {}

  /** What a start does beyond reading its flags; the node's wiring provides one. */
  public interface Rehearsal {
    /**
     * Starts a node with its data below {@code directory}, on free ports of loopback, works it, and
     * stops it.
     */
    void perform(Path directory) throws Exception;
  }

  /**
   * Rehearses once. A failure ends the process whatever still runs in it; Java writes down what it
   * saw until then.
   */
  public static void main(String[] args) {
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(() -> Runtime.getRuntime().halt(FAILURE));
    try {
      rehearse();
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(FAILURE);
    }
  }

  private static void rehearse() throws Exception {
    Help.text();
    VersionText.text();
    Boot.Outcome outcome = Boot.read(List.of("--name=training", "--data-dir=unused"), Map.of());
    if (outcome instanceof Boot.Outcome.Start start) {
      Logging.apply(
          new LoggingSettings(
              Optional.empty(),
              Optional.empty(),
              Optional.of(List.of("stdout")),
              Optional.empty()));
      StartupLog.notices(start.notices());
      StartupLog.starting(start.config(), false);
    }
    Path directory = Files.createTempDirectory("sampo-training");
    try {
      for (Rehearsal rehearsal : ServiceLoader.load(Rehearsal.class)) {
        rehearsal.perform(directory);
      }
    } finally {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
