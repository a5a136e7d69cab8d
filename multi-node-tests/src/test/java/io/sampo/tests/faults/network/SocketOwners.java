package io.sampo.tests.faults.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which process has made a loopback connection, by what Linux tells in {@code /proc}: members
 * dial each other at one advertised URL, and only some of their requests name the sender.
 */
final class SocketOwners {
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwners() {}

  /**
   * @param pids process ids of members
   * @return the member whose connection it is; empty if it is nobody's any more
   */
  static Optional<Integer> find(int localPort, int remotePort, Map<Integer, Long> pids) {
    try {
      Optional<String> inode = inode(localPort, remotePort);
      if (inode.isEmpty()) {
        return Optional.empty();
      }
      for (Map.Entry<Integer, Long> member : pids.entrySet()) {
        if (holds(member.getValue(), "socket:[" + inode.get() + "]")) {
          return Optional.of(member.getKey());
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> inode(int localPort, int remotePort) throws IOException {
    String local = ":%04X".formatted(localPort);
    String remote = ":%04X".formatted(remotePort);
    for (String table : List.of("/proc/net/tcp6", "/proc/net/tcp")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.trim().split("\\s+");
        if (words[LOCAL].endsWith(local) && words[REMOTE].endsWith(remote)) {
          return Optional.of(words[INODE]);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(long pid, String socket) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files) {
        if (isLinkTo(file, socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException ended) {
      return false;
    }
  }

  private static boolean isLinkTo(Path file, String socket) {
    try {
      return Files.readSymbolicLink(file).toString().equals(socket);
    } catch (IOException closed) {
      return false;
    }
  }
}
