package io.sampo.tests.faults.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Says which process has made a loopback connection, by what Linux tells in {@code /proc}: members
 * dial each other at one advertised URL, and only some of their requests name the sender.
 */
final class SocketOwners {
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  /** The ports of a connection as the one who dialled sees them. */
  record Ports(int local, int remote) {}

  private SocketOwners() {}

  /**
   * Asks Linux once for all of them: its tables are slow to read, and while a member is down the
   * others dial many times a second.
   *
   * @param pids process ids of members
   * @return the members whose connections they are, without those that are nobody's any more
   */
  static Map<Ports, Integer> find(Set<Ports> connections, Map<Integer, Long> pids) {
    try {
      Map<String, Ports> sockets = sockets(connections);
      Map<Ports, Integer> owners = new HashMap<>();
      pids.forEach(
          (member, pid) ->
              forEachFile(
                  pid,
                  target -> {
                    Ports ports = sockets.get(target);
                    if (ports != null) {
                      owners.put(ports, member);
                    }
                  }));
      return owners;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By what the links in a process's directory point at. */
  private static Map<String, Ports> sockets(Set<Ports> connections) throws IOException {
    Map<String, Ports> sockets = new HashMap<>();
    for (String table : List.of("/proc/net/tcp6", "/proc/net/tcp")) {
      List<String> lines = Files.readAllLines(Path.of(table));
      for (String line : lines.subList(1, lines.size())) {
        String[] words = line.trim().split("\\s+");
        Ports ports = new Ports(port(words[LOCAL]), port(words[REMOTE]));
        if (connections.contains(ports)) {
          sockets.put("socket:[" + words[INODE] + "]", ports);
        }
      }
    }
    return sockets;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
  }

  private static void forEachFile(long pid, Consumer<String> targets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files) {
        target(file).ifPresent(targets);
      }
    } catch (IOException | DirectoryIteratorException ended) {
      // Then nothing is its any more.
      return;
    }
  }

  private static Optional<String> target(Path file) {
    try {
      return Optional.of(Files.readSymbolicLink(file).toString());
    } catch (IOException closed) {
      return Optional.empty();
    }
  }
}
