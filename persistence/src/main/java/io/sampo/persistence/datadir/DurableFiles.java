package io.sampo.persistence.datadir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Small files and folders that are there after a power cut, whole or not at all. */
final class DurableFiles {
  static final String UNFINISHED = ".tmp";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private DurableFiles() {}

  static void write(Path file, String text) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(file.getParent());
  }

  /** Creates what is missing of the path, readable by the owner only, as etcd does. */
  static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      createFolders(parent);
    }
    Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    if (parent != null) {
      syncFolder(parent);
    }
  }

  /** Why a file operation failed, without the path that the caller names anyway. */
  static String reason(IOException failure) {
    if (failure instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    } else if (failure instanceof java.nio.file.FileAlreadyExistsException
        || failure instanceof java.nio.file.NotDirectoryException) {
      return "not a directory";
    } else if (failure instanceof java.nio.file.NoSuchFileException) {
      return "no such file or directory";
    } else if (failure instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    return failure.toString();
  }

  /** Everything below a folder, files and names. */
  static void syncTree(Path folder) throws IOException {
    List<Path> contents;
    try (Stream<Path> found = Files.walk(folder)) {
      contents = found.toList();
    }
    for (Path file : contents) {
      syncFolder(file);
    }
  }

  /** Also works for a file. */
  static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
