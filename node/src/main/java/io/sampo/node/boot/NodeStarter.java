package io.sampo.node.boot;

import io.sampo.node.boot.flag.ConfigException;

/** Wires and starts the node that {@link Main} runs; found by {@link java.util.ServiceLoader}. */
public interface NodeStarter {

  /**
   * Returns when the node serves, or at least has been told to.
   *
   * @throws ConfigException if the configuration does not fit what is on disk; nothing was written
   *     then
   * @throws Exception if it cannot run: a port in use, a directory that cannot be written; the
   *     message is for the user
   */
  RunningNode start(NodeConfig config) throws Exception;

  /** A node from the outside. */
  interface RunningNode {
    /**
     * Stops it in order, within about a second; harmless if it has ended. Called on a shutdown
     * thread.
     */
    void stop();

    /** Waits for its end and returns the exit code: 0, or 1 if it gave up by itself. */
    int awaitEnd() throws InterruptedException;
  }
}
