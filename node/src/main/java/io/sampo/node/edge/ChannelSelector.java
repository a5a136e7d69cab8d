package io.sampo.node.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/**
 * One thread that waits until something can be done with channels that Pekko does not know: those
 * of sockets in the file system. It says so, and does nothing itself. It begins with the first
 * channel and ends with the last. For any thread.
 */
public final class ChannelSelector {
  /** Null while there are no channels. */
  private Selector selector;

  /**
   * From now on {@code ready} is run, on the selector's thread, once for each {@link #want}.
   *
   * @throws IOException if the channel is closed
   */
  synchronized SelectionKey register(SelectableChannel channel, Runnable ready) throws IOException {
    if (selector == null) {
      selector = Selector.open();
      Selector opened = selector;
      Thread thread = new Thread(() -> run(opened), "sampo-unix-sockets");
      thread.setDaemon(true);
      thread.start();
    }
    return channel.register(selector, 0, ready);
  }

  /** Tells once when the operation is possible. */
  static void want(SelectionKey key, int operation) {
    key.interestOpsOr(operation);
    key.selector().wakeup();
  }

  /** Closes the key's channel; nothing is told of it any more. */
  static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    key.selector().wakeup();
  }

  private void run(Selector opened) {
    try (opened) {
      while (!isOver(opened)) {
        opened.select(ChannelSelector::tell);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized boolean isOver(Selector opened) {
    if (opened.keys().isEmpty()) {
      selector = null;
      return true;
    }
    return false;
  }

  private static void tell(SelectionKey key) {
    try {
      key.interestOpsAnd(~key.readyOps());
    } catch (CancelledKeyException e) {
      // Closed meanwhile by its owner, who wants to hear nothing.
      return;
    }
    ((Runnable) key.attachment()).run();
  }
}
