package io.sampo.persistence.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.fusesource.leveldbjni.JniDBFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library of leveldbjni. Left to itself it is unpacked to the temporary folder at every start,
 * which takes 40 ms and leaves 750 KB behind at every kill; so it is unpacked once, to a folder
 * that stays.
 */
final class NativeLevelDb {
  /** leveldbjni looks here for its library, under a name that holds its version. */
  private static final String FOLDER_PROPERTY = "library.leveldbjni.path";

  private static final String VERSION_PROPERTY = "library.leveldbjni.version";
  private static final String VERSION = "1.8";
  private static final String FILE = "libleveldbjni-" + VERSION + ".so";
  private static final String RESOURCE = "META-INF/native/linux64/libleveldbjni.so";
  private static final Logger LOG = LoggerFactory.getLogger(NativeLevelDb.class);

  private NativeLevelDb() {}

  /**
   * Whether it works on this machine. A folder that the launcher already named is taken before the
   * given one.
   */
  static boolean loads(Path folder) {
    if (!"Linux".equals(System.getProperty("os.name"))
        || !"amd64".equals(System.getProperty("os.arch"))) {
      return false;
    }
    try {
      if (System.getProperty(FOLDER_PROPERTY) == null) {
        removeOthers(folder);
        unpack(folder);
        System.setProperty(VERSION_PROPERTY, VERSION);
        System.setProperty(FOLDER_PROPERTY, folder.toAbsolutePath().toString());
      }
      JniDBFactory.pushMemoryPool(1);
      JniDBFactory.popMemoryPool();
      return true;
    } catch (LinkageError | RuntimeException | IOException e) {
      LOG.warn("native LevelDB does not load, the Java one is used: {}", e.toString());
      return false;
    }
  }

  /** What leveldbjni itself has unpacked there, for lack of the name it looks for. */
  private static void removeOthers(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "libleveldbjni*")) {
      for (Path file : files) {
        if (!file.endsWith(FILE)) {
          Files.delete(file);
        }
      }
    }
  }

  private static void unpack(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.exists(file)) {
      return;
    }
    Path unfinished = folder.resolve(FILE + ".tmp");
    try (InputStream input = JniDBFactory.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (input == null) {
        throw new IOException(RESOURCE + " is not on the class path");
      }
      try (OutputStream output = Files.newOutputStream(unfinished)) {
        input.transferTo(output);
      }
    }
    try (java.nio.channels.FileChannel channel =
        java.nio.channels.FileChannel.open(unfinished, java.nio.file.StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
