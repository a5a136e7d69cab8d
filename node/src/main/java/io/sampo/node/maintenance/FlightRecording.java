package io.sampo.node.maintenance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;

/** One recording of the Java Flight Recorder at a time, bounded in time and size. */
final class FlightRecording {
  private static final long MAX_BYTES = 64 << 20;

  private final Executor blocking;
  private final AtomicBoolean underWay = new AtomicBoolean();

  FlightRecording(Executor blocking) {
    this.blocking = blocking;
  }

  /**
   * The bytes of a {@code .jfr} file.
   *
   * @param settings {@code profile} for samples of what runs, {@code trace} for all events that
   *     cost little
   * @return fails if there is a recording already, or this Java has no recorder
   */
  CompletableFuture<byte[]> take(String settings, int seconds) {
    if (!underWay.compareAndSet(false, true)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("cpu profiling already in use"));
    }
    return CompletableFuture.supplyAsync(() -> begin(settings), blocking)
        .thenApplyAsync(
            FlightRecording::end,
            CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS, blocking))
        .whenComplete((bytes, failure) -> underWay.set(false));
  }

  private static Recording begin(String settings) {
    try {
      Recording recording =
          new Recording(
              Configuration.getConfiguration(settings.equals("trace") ? "default" : "profile"));
      recording.setMaxSize(MAX_BYTES);
      recording.start();
      return recording;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] end(Recording recording) {
    try (recording) {
      Path file = Files.createTempFile("sampo-profile", ".jfr");
      try {
        recording.stop();
        recording.dump(file);
        return Files.readAllBytes(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
