package io.sampo.persistence.log;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how the LevelDB journal is kept.
 *
 * @param directory its folder; created with all its parents by {@link LevelDbJournal#check}
 * @param fsync false only for {@code --unsafe-no-fsync}: a power cut may then lose what was
 *     acknowledged
 * @param engine which implementation of LevelDB
 */
public record JournalSettings(Path directory, boolean fsync, Engine engine) {

  /** The two implementations of LevelDB; both read and write the same files. */
  public enum Engine {
    /** The C++ one through JNI, where its library loads. */
    NATIVE,
    /** The Java port; runs everywhere. */
    JAVA
  }

  public JournalSettings {
    Objects.requireNonNull(directory);
    Objects.requireNonNull(engine);
  }

  /**
   * The engine that works best on this machine.
   *
   * @param nativeLibraries an existing folder where the native one's library is kept between starts
   */
  public static JournalSettings of(Path directory, boolean fsync, Path nativeLibraries) {
    return new JournalSettings(
        directory, fsync, NativeLevelDb.loads(nativeLibraries) ? Engine.NATIVE : Engine.JAVA);
  }
}
