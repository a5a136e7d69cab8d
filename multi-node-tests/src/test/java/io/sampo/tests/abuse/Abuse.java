package io.sampo.tests.abuse;

import java.io.IOException;
import java.util.List;

/** One way to behave badly, bounded in connections, bytes and time. */
interface Abuse {

  /** Its name on the command line and in the table. */
  String title();

  /** What is done, with its amounts. */
  String what();

  /** What the server is started with. */
  default List<String> flags() {
    return List.of();
  }

  /** Whether client and peer ports need certificates. */
  default boolean needsTls() {
    return false;
  }

  /** How many files the server's process may open; 0 for as many as this process. */
  default int fileLimit() {
    return 0;
  }

  /** Whether etcd closes every connection of it within its time. */
  default boolean isClosedByEtcd() {
    return false;
  }

  /** Whether a server that bounds it closes every connection of it within its time. */
  default boolean isToBeClosed() {
    return isClosedByEtcd();
  }

  /**
   * Does it; returns when it is over or its time is. What is still open then is closed by the
   * caller.
   *
   * @throws IOException if a connection could not be made
   */
  void run(RudeClients clients) throws IOException;
}
