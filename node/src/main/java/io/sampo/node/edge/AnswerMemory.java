package io.sampo.node.edge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;

/**
 * How many bytes of answers may wait for clients that do not read them: for one connection, and for
 * all together. What is beyond is not made until there is room. For any thread.
 */
public final class AnswerMemory {
  /** What is smaller needs no room before it is made; it is counted if it has to wait. */
  public static final int SMALL_BYTES = 1 << 14;

  /** Who has read nothing for so long gives way when others have no room. */
  static final long STALLED_NANOS = 10_000_000_000L;

  private static final int PART_OF_HEAP = 16;
  private static final int PART_OF_TOTAL = 8;

  private final long totalBytes;
  private final long connectionBytes;
  private final LongSupplier nanoTime;
  private final Set<Share> holders = new HashSet<>();

  /** Those whose next answer waits for what other connections hold. */
  private final LinkedHashSet<Share> starved = new LinkedHashSet<>();

  private volatile long heldBytes;

  /**
   * @param totalBytes for all connections; a larger answer comes when half of it is free
   * @param connectionBytes for one; a larger answer comes alone
   * @param nanoTime a clock that never goes back
   */
  public AnswerMemory(long totalBytes, long connectionBytes, LongSupplier nanoTime) {
    this.totalBytes = totalBytes;
    this.connectionBytes = connectionBytes;
    this.nanoTime = nanoTime;
  }

  /** A sixteenth of the heap in all, an eighth of that for one connection. */
  public static AnswerMemory ofHeap(long heapBytes, LongSupplier nanoTime) {
    long total = heapBytes / PART_OF_HEAP;
    return new AnswerMemory(total, total / PART_OF_TOTAL, nanoTime);
  }

  /** Without a bound, for those who are trusted. */
  public static AnswerMemory unbounded() {
    return new AnswerMemory(Long.MAX_VALUE, Long.MAX_VALUE, () -> 0);
  }

  /** Whether so much waits that nothing more may begin for those for whom something waits. */
  private boolean isFull() {
    return heldBytes >= totalBytes;
  }

  /** Whether twice as much waits as should: then nothing may begin whose answer is not counted. */
  public boolean isOverfull() {
    return heldBytes / 2 >= totalBytes;
  }

  /**
   * The part of one connection.
   *
   * @param onStalled told, on any thread, that the connection has to go
   */
  public Share share(Runnable onStalled) {
    return new Share(onStalled);
  }

  /**
   * Has connections go that read nothing, if others have no room: those that hold most, until half
   * is free. To be called now and then.
   */
  public void look() {
    stalled().forEach(share -> share.onStalled.run());
  }

  private synchronized List<Share> stalled() {
    if (starved.isEmpty() && !isFull()) {
      return List.of();
    }
    long latest = nanoTime.getAsLong() - STALLED_NANOS;
    List<Share> most =
        holders.stream()
            .filter(share -> share.lastReadNanos - latest <= 0)
            .sorted(Comparator.comparingLong((Share share) -> share.held).reversed())
            .toList();
    long left = heldBytes;
    List<Share> going = new ArrayList<>();
    for (Share share : most) {
      if (left > totalBytes / 2) {
        left -= share.held;
        going.add(share);
      }
    }
    return going;
  }

  private boolean fits(Share share, long bytes) {
    if (share.held == 0 && bytes > totalBytes) {
      return heldBytes <= totalBytes / 2;
    }
    return share.mayHold(bytes) && bytes <= totalBytes - heldBytes;
  }

  private void hold(Share share, long bytes) {
    if (share.held == 0) {
      share.lastReadNanos = nanoTime.getAsLong();
      holders.add(share);
    }
    share.held += bytes;
    heldBytes += bytes;
  }

  private void release(Share share, long bytes) {
    share.held -= bytes;
    heldBytes -= bytes;
    if (share.held == 0) {
      holders.remove(share);
    }
  }

  /** Gives room to those of one connection that wait, in their order. */
  private boolean grant(Share share, List<CompletableFuture<Done>> granted) {
    int before = granted.size();
    while (!share.waiting.isEmpty() && fits(share, share.waiting.peek().bytes())) {
      Waiting next = share.waiting.poll();
      hold(share, next.bytes());
      granted.add(next.granted());
    }
    if (!share.waiting.isEmpty() && share.mayHold(share.waiting.peek().bytes())) {
      starved.add(share);
    } else {
      starved.remove(share);
    }
    return granted.size() > before;
  }

  private void grantStarved(List<CompletableFuture<Done>> granted) {
    boolean some = true;
    while (some && !starved.isEmpty()) {
      Iterator<Share> oldest = starved.iterator();
      some = grant(oldest.next(), granted);
    }
  }

  private record Waiting(long bytes, CompletableFuture<Done> granted) {}

  /** What one connection holds. */
  public final class Share {
    private final Runnable onStalled;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(2);
    private volatile long held;
    private long lastReadNanos;

    private Share(Runnable onStalled) {
      this.onStalled = onStalled;
    }

    private boolean mayHold(long bytes) {
      return held == 0 || bytes <= connectionBytes - held;
    }

    /**
     * Whether more may begin for this connection.
     *
     * @param expectedBytes of what has begun already
     */
    public boolean mayBegin(long expectedBytes) {
      long mine = held;
      return expectedBytes < connectionBytes - mine && (mine == 0 || !isFull());
    }

    /** Done when there is room for so many bytes; from then on they are held. */
    CompletableFuture<Done> take(long bytes) {
      CompletableFuture<Done> granted = new CompletableFuture<>();
      synchronized (AnswerMemory.this) {
        if (waiting.isEmpty() && fits(this, bytes)) {
          hold(this, bytes);
          granted.complete(Done.getInstance());
        } else {
          waiting.add(new Waiting(bytes, granted));
          if (mayHold(waiting.peek().bytes())) {
            starved.add(this);
          }
        }
      }
      return granted;
    }

    /** Nobody waits for that room any more. */
    void forget(CompletableFuture<Done> granted) {
      synchronized (AnswerMemory.this) {
        waiting.removeIf(each -> each.granted() == granted);
      }
      give(0);
    }

    /** So many bytes are there and wait, whether there was room or not. */
    public void add(long bytes) {
      synchronized (AnswerMemory.this) {
        hold(this, bytes);
      }
    }

    /** So many bytes have left, or are not wanted any more. */
    public void give(long bytes) {
      List<CompletableFuture<Done>> granted = new ArrayList<>();
      synchronized (AnswerMemory.this) {
        release(this, bytes);
        lastReadNanos = bytes > 0 ? nanoTime.getAsLong() : lastReadNanos;
        grant(this, granted);
        grantStarved(granted);
      }
      granted.forEach(each -> each.complete(Done.getInstance()));
    }

    /** The connection has ended. What its calls hold, they give back themselves. */
    public void close() {
      synchronized (AnswerMemory.this) {
        waiting.clear();
        starved.remove(this);
      }
    }
  }
}
