package io.sampo.tests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, within a limit, and keeps what it said. */
public final class Command {

  private final List<String> words;
  private String input = "";
  private Map<String, String> environment = Map.of();
  private Path directory;
  private Duration limit = Duration.ofSeconds(20);

  private Command(List<String> words) {
    this.words = List.copyOf(words);
  }

  public static Command of(List<String> words) {
    return new Command(words);
  }

  /** Text for the standard input. */
  public Command input(String text) {
    input = text;
    return this;
  }

  /** Variables beside those of this process. */
  public Command environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /** The working directory. */
  public Command in(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** How long it may run; it is killed afterwards and the test fails. */
  public Command limit(Duration duration) {
    limit = duration;
    return this;
  }

  /** Runs it. */
  public CommandResult run() {
    try (TempDirectory files = TempDirectory.create("sampo-command")) {
      Path out = files.path().resolve("out");
      Path err = files.path().resolve("err");
      Path in = files.path().resolve("in");
      Files.writeString(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      if (directory != null) {
        builder.directory(directory.toFile());
      }
      Process process = builder.start();
      if (!finished(process)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "not finished within %s: %s%n%s%n%s"
                .formatted(limit, String.join(" ", words), text(out), text(err)));
      }
      return new CommandResult(words, process.exitValue(), text(out), text(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private boolean finished(Process process) throws InterruptedException {
    try {
      return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
