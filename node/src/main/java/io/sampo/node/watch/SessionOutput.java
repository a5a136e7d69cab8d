package io.sampo.node.watch;

import io.sampo.node.state.mvcc.MvccView;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a session still has to send, in order, and how it becomes bytes. The queue holds references;
 * news is taken apart only when its turn comes, so that it finds the watchers as they are then.
 */
final class SessionOutput {
  private static final int FIRST_CAPACITY = 256;

  /** What waits in a session for its client to take more. */
  sealed interface Outgoing permits ControlResponse, Delivery, WatchSession.Woken {}

  private final WatchSource source;
  private final SessionWatchers watchers;
  private final WatchResponseWriter writer;
  private final Deque<Outgoing> queue = new ArrayDeque<>(4);
  private Delivery current;

  /** How many matches of the news at the head of the queue are done. */
  private int matchesDone;

  /** Progress requests of the client that the hub was not asked about yet. */
  private int progressRequests;

  /** Those that the hub's next word on progress answers. */
  private int progressAsked;

  private boolean asking;

  /** Whether the progress timer fired since the hub was asked last. */
  private boolean ticked;

  /** Whether everybody who wants reports is to get one, however recent its last event was. */
  private boolean compacted;

  /** Whether watchers wait for a report of their own. */
  private boolean reportsDue;

  SessionOutput(WatchSource source, SessionWatchers watchers) {
    this.source = source;
    this.watchers = watchers;
    this.writer = new WatchResponseWriter(source.header());
  }

  void add(Outgoing outgoing) {
    if (outgoing instanceof Delivery delivery) {
      source.metrics().pendingEvents(delivery.size());
    }
    queue.add(outgoing);
  }

  void addProgressRequest() {
    progressRequests++;
  }

  /** Whether the client waits for a progress report and the hub should be asked for it now. */
  boolean wantsProgress() {
    return !asking
        && (ticked || compacted || reportsDue || progressRequests > 0 && !watchers.isLagging());
  }

  void progressTick() {
    ticked = true;
  }

  void reportToAll() {
    compacted = true;
  }

  /**
   * Notes that the hub is being asked. Only watchers that exist by now get a report with its
   * answer: what they were told at their creation is before it in the queue.
   */
  void askingForProgress() {
    asking = true;
    if (ticked || compacted) {
      reportsDue |= watchers.markReportsDue(compacted);
      ticked = false;
      compacted = false;
    }
    progressAsked = progressRequests;
    progressRequests = 0;
  }

  boolean isEmpty() {
    return current == null && queue.isEmpty();
  }

  int size() {
    return queue.size();
  }

  /** Takes frames until the chunk is full or there is nothing more; may be empty. */
  Frames take() {
    Frames out = new Frames(FIRST_CAPACITY);
    int full = source.settings().chunkBytes();
    MvccView view = source.view().get();
    long events = 0;
    while (out.size() < full && !isEmpty()) {
      if (current == null) {
        advance(out);
      } else {
        events += current.write(out, full, writer, source.settings().fragmentBytes(), view);
        if (current.isDone()) {
          source.metrics().pendingEvents(-current.size());
          current = null;
        }
      }
    }
    if (events > 0) {
      source.metrics().eventsSent(events);
    }
    return out;
  }

  private void advance(Frames out) {
    Outgoing next = queue.element();
    if (next instanceof WatchSession.Woken news && matchesDone < news.matches().size()) {
      expand(news.matches().get(matchesDone++));
      return;
    }
    queue.remove();
    if (next instanceof ControlResponse control) {
      writer.control(out, control);
    } else if (next instanceof Delivery delivery) {
      current = delivery;
    } else if (next instanceof WatchSession.Woken news) {
      matchesDone = 0;
      if (news.progress()) {
        report(out, news.head());
      }
    }
  }

  private void expand(Match match) {
    if (match.isBehind()) {
      watchers.fallBehind(match.watchers(), match.from());
    } else if (!match.watchers().isEmpty()) {
      current = Delivery.ofNews(match.watchers(), match.events());
      source.metrics().pendingEvents(current.size());
    }
  }

  /** Everything up to the revision has been written before this. */
  private void report(Frames out, long revision) {
    asking = false;
    if (watchers.wouldStepBack(revision)) {
      progressRequests += progressAsked; // the hub is asked again
      progressAsked = 0;
      return;
    }
    if (watchers.allSeen(revision)) {
      for (; progressAsked > 0; progressAsked--) {
        writer.control(out, ControlResponse.progress(WatchResponseWriter.NO_WATCHER, revision));
      }
    } else if (watchers.mayAllSee(revision)) {
      progressRequests += progressAsked;
    }
    // Else it is dropped, as etcd does: the client asks again.
    progressAsked = 0;
    reportsDue = false;
    watchers.reports(revision, report -> writer.control(out, report));
  }

  /** Gives the counters back what will not be sent any more. */
  void close() {
    long lost = current == null ? 0 : current.size();
    for (Outgoing outgoing : queue) {
      lost += outgoing instanceof Delivery delivery ? delivery.size() : 0;
    }
    source.metrics().pendingEvents(-lost);
  }
}
