package io.sampo.tests.faults.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A connection that one member has made to another, in two halves. Of the network's thread. */
final class ProxiedConnection {
  private final SocketChannel dialler;
  private final SocketChannel target;
  private final SelectionKey diallerKey;
  private final SelectionKey targetKey;
  private final Flow there;
  private final Flow back;

  /**
   * @param dialler accepted, not blocking
   * @param there from the dialler to the target
   */
  ProxiedConnection(Selector selector, SocketChannel dialler, int targetPort, Link there, Link back)
      throws IOException {
    this.dialler = dialler;
    target = SocketChannel.open();
    target.configureBlocking(false);
    this.there = new Flow(dialler, target, there);
    this.back = new Flow(target, dialler, back);
    dialler.setOption(StandardSocketOptions.TCP_NODELAY, true);
    target.setOption(StandardSocketOptions.TCP_NODELAY, true);
    target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
    diallerKey = dialler.register(selector, 0, this);
    targetKey = target.register(selector, SelectionKey.OP_CONNECT, this);
  }

  boolean uses(Link link) {
    return there.link() == link || back.link() == link;
  }

  /**
   * Moves what can be moved.
   *
   * @return whether the connection still stands
   */
  boolean advance(long nowNanos) {
    if (there.link().isCut() || back.link().isCut()) {
      reset();
      return false;
    }
    try {
      if (!target.isConnected() && !target.finishConnect()) {
        return true;
      }
      if (isReadable(diallerKey)) {
        there.read(nowNanos);
      }
      if (isReadable(targetKey)) {
        back.read(nowNanos);
      }
      there.write(nowNanos);
      back.write(nowNanos);
      if (there.isOver() && back.isOver()) {
        close();
        return false;
      }
      diallerKey.interestOps(interest(there, back));
      targetKey.interestOps(interest(back, there));
      return true;
    } catch (IOException refusedOrReset) {
      reset();
      return false;
    }
  }

  private static boolean isReadable(SelectionKey key) {
    return (key.readyOps() & SelectionKey.OP_READ) != 0;
  }

  private static int interest(Flow from, Flow to) {
    return (from.wantsToRead() ? SelectionKey.OP_READ : 0)
        | (to.isBlocked() ? SelectionKey.OP_WRITE : 0);
  }

  long dueNanos() {
    return target.isConnected() ? Math.min(there.dueNanos(), back.dueNanos()) : Long.MAX_VALUE;
  }

  /** Ends it as a dead machine's neighbour would. */
  void reset() {
    for (SocketChannel channel : new SocketChannel[] {dialler, target}) {
      try {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException closed) {
        continue;
      }
    }
    close();
  }

  void close() {
    FaultyNetwork.shut(dialler);
    FaultyNetwork.shut(target);
  }
}
