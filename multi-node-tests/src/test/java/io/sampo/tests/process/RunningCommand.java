package io.sampo.tests.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A program that runs until it is closed, as {@code etcdctl watch} does. */
public final class RunningCommand implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Process process;
  private final Writer input;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private RunningCommand(Process process) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.reader = new Thread(this::readLines, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it; both outputs are read as one. */
  public static RunningCommand start(List<String> words, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new RunningCommand(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readLines() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      out.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException closed) {
      lines.add("(end of output: " + closed.getMessage() + ")");
    }
  }

  /** Types a line. */
  public void type(String line) {
    try {
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until what was written so far satisfies the condition, and returns it. */
  public List<String> await(String what, Predicate<List<String>> condition) {
    Await.until(LIMIT, () -> what + "; so far: " + lines, () -> condition.test(lines));
    return List.copyOf(lines);
  }

  /** Waits for these lines, one after another with nothing between them, anywhere in the output. */
  public List<String> awaitLines(String... expected) {
    List<String> wanted = List.of(expected);
    return await(
        wanted + " in the output", seen -> java.util.Collections.indexOfSubList(seen, wanted) >= 0);
  }

  /** What was written so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
