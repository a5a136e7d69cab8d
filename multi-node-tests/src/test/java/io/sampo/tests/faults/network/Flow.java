package io.sampo.tests.faults.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a connection: what was read from one end and is still owed to the other. */
final class Flow {
  private static final int MAX_KEPT_BYTES = 256 << 10;
  private static final int READ_BYTES = 64 << 10;

  private record Chunk(ByteBuffer bytes, long arrivedNanos) {}

  private final SocketChannel source;
  private final SocketChannel sink;
  private final Link link;
  private final Deque<Chunk> kept = new ArrayDeque<>();
  private long keptBytes;
  private boolean ended;
  private boolean endPassedOn;
  private boolean blocked;

  Flow(SocketChannel source, SocketChannel sink, Link link) {
    this.source = source;
    this.sink = sink;
    this.link = link;
  }

  Link link() {
    return link;
  }

  boolean wantsToRead() {
    return !ended && keptBytes < MAX_KEPT_BYTES;
  }

  /** Whether only the other end's slowness keeps bytes here. */
  boolean isBlocked() {
    return blocked;
  }

  boolean isOver() {
    return endPassedOn;
  }

  void read(long nowNanos) throws IOException {
    if (!wantsToRead()) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
    int count = source.read(bytes);
    if (count < 0) {
      ended = true;
    } else if (count > 0) {
      kept.add(new Chunk(bytes.flip(), nowNanos));
      keptBytes += count;
    }
  }

  /** Passes on what may go now. */
  void write(long nowNanos) throws IOException {
    blocked = false;
    while (!blocked && !kept.isEmpty() && dueNanos() <= nowNanos) {
      ByteBuffer bytes = kept.peek().bytes();
      int limit = bytes.limit();
      bytes.limit(Math.min(limit, bytes.position() + Math.min(link.burst(), bytes.remaining())));
      int wanted = bytes.remaining();
      int count = sink.write(bytes);
      bytes.limit(limit);
      blocked = count < wanted;
      keptBytes -= count;
      link.passed(count, nowNanos);
      if (!bytes.hasRemaining()) {
        kept.remove();
      }
    }
    if (ended && kept.isEmpty() && !endPassedOn && !link.isHeld()) {
      endPassedOn = true;
      sink.shutdownOutput();
    }
  }

  /** When there is something to pass on; {@link Long#MAX_VALUE} if nothing waits for time. */
  long dueNanos() {
    if (kept.isEmpty() || link.isHeld()) {
      return Long.MAX_VALUE;
    }
    return Math.max(kept.peek().arrivedNanos() + link.delayNanos(), link.freeAtNanos());
  }
}
