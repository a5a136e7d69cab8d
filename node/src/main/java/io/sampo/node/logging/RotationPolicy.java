package io.sampo.node.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicy;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Rotates a log file as etcd's lumberjack does: a file that is full is renamed to {@code
 * name-2006-01-02T15-04-05.000.ext}, and those are compressed and removed as the settings say, on a
 * thread of logback's. The time is that of the line that did not fit.
 */
final class RotationPolicy extends ContextAwareBase
    implements RollingPolicy, TriggeringPolicy<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS");
  private static final String ZIPPED = ".gz";
  private static final long MILLIS_PER_DAY = 86_400_000L;

  private final Path file;
  private final LogRotation rotation;
  private final String prefix;
  private final String extension;
  private final Pattern form;
  private final ZoneId zone;
  private volatile boolean started;

  /** Of the line that is being written; under the appender's lock. */
  private long lineMillis;

  RotationPolicy(Path file, LogRotation rotation) {
    this.file = file.toAbsolutePath();
    this.rotation = rotation;
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    this.prefix = (dot < 0 ? name : name.substring(0, dot)) + "-";
    this.extension = dot < 0 ? "" : name.substring(dot);
    this.form =
        Pattern.compile(
            Pattern.quote(prefix)
                + "\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}"
                + Pattern.quote(extension)
                + "(\\.gz)?");
    this.zone = rotation.localTime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
  }

  @Override
  public boolean isTriggeringEvent(File active, ILoggingEvent event) {
    lineMillis = event.getTimeStamp();
    return active.length() >= rotation.maxSizeBytes();
  }

  @Override
  public void rollover() throws RolloverFailure {
    try {
      if (Files.exists(file)) {
        Files.move(file, file.resolveSibling(prefix + time(lineMillis) + extension));
      }
    } catch (IOException e) {
      throw new RolloverFailure("cannot rename " + file, e);
    }
    long now = lineMillis;
    getContext().getExecutorService().execute(() -> tidy(now));
  }

  private String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /** Removes and compresses what was put aside. */
  private synchronized void tidy(long nowMillis) {
    try {
      List<Path> kept = new ArrayList<>();
      String oldest =
          rotation.maxAgeDays() > 0
              ? prefix + time(nowMillis - rotation.maxAgeDays() * MILLIS_PER_DAY)
              : "";
      for (Path aside : asideNewestFirst()) {
        boolean tooMany = rotation.maxBackups() > 0 && kept.size() >= rotation.maxBackups();
        if (tooMany || aside.getFileName().toString().compareTo(oldest) < 0) {
          Files.deleteIfExists(aside);
        } else {
          kept.add(aside);
        }
      }
      if (rotation.compress()) {
        for (Path aside : kept) {
          compress(aside);
        }
      }
    } catch (IOException e) {
      addError("cannot tidy up log files of " + file, e);
    }
  }

  private List<Path> asideNewestFirst() throws IOException {
    try (Stream<Path> files = Files.list(file.getParent())) {
      return files
          .filter(each -> form.matcher(each.getFileName().toString()).matches())
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static void compress(Path aside) throws IOException {
    if (aside.toString().endsWith(ZIPPED)) {
      return;
    }
    Path zipped = aside.resolveSibling(aside.getFileName() + ZIPPED);
    try (InputStream in = Files.newInputStream(aside);
        OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      in.transferTo(out);
    }
    Files.delete(aside);
  }

  @Override
  public String getActiveFileName() {
    return file.toString();
  }

  @Override
  public CompressionMode getCompressionMode() {
    return CompressionMode.NONE;
  }

  @Override
  public void setParent(FileAppender<?> appender) {
    // The policy is made for its file.
  }

  @Override
  public void start() {
    started = true;
  }

  @Override
  public void stop() {
    started = false;
  }

  @Override
  public boolean isStarted() {
    return started;
  }
}
