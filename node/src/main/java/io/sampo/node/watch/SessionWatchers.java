package io.sampo.node.watch;

import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.watch.range.WatchedRange;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.collections.Long2ObjectHashMap;

/** The watchers of one stream: their ids, their ranges, and who of them is behind. */
final class SessionWatchers {
  private static final byte[] SMALLEST_KEY = {0};

  private final HubSlot slot;
  private final WatchAuthorizer authorizer;
  private final WatchMetrics metrics;

  /** With those that a compaction ended: etcd keeps their ids until the client cancels them. */
  private final Long2ObjectHashMap<Watcher> byId = new Long2ObjectHashMap<>();

  private final Map<WatchedRange, RangeWatchers> byRange = new HashMap<>();
  private final CatchUp catchUp;
  private final List<Watcher> future = new ArrayList<>(0);
  private long nextId;
  private int lagging;
  private int compacted;
  private int reporting;

  /** The newest revision that some watcher started behind or has read to. */
  private long floor;

  private List<Interest> joined = new ArrayList<>(0);
  private List<Interest> left = new ArrayList<>(0);

  SessionWatchers(
      HubSlot slot, WatchAuthorizer authorizer, WatchMetrics metrics, WatchSettings settings) {
    this.catchUp = new CatchUp(settings.sliceVersions());
    this.slot = slot;
    this.authorizer = authorizer;
    this.metrics = metrics;
  }

  /** Creates a watcher, or says why not. */
  ControlResponse create(WatchCreateRequest request, MvccView view) {
    long revision = view.revision();
    if (request.getStartRevision() < 0) {
      return ControlResponse.refused(revision, EtcdError.COMPACTED.text());
    }
    byte[] key = request.getKey().isEmpty() ? SMALLEST_KEY : request.getKey().toByteArray();
    byte[] rangeEnd = request.getRangeEnd().toByteArray();
    EtcdException refusal = authorizer.refusal(key, rangeEnd);
    if (refusal != null) {
      return ControlResponse.refused(revision, refusal.asGoError());
    }
    WatchedRange range = WatchedRange.of(key, rangeEnd);
    if (range.isEmpty()) {
      return ControlResponse.refused(revision, "mvcc: watcher range is empty");
    }
    long id = request.getWatchId();
    if (id == 0) {
      id = freeId();
    } else if (byId.containsKey(id)) {
      return ControlResponse.refused(
          revision, "mvcc: duplicate watch ID provided on the WatchStream");
    }
    add(id, range, request, revision);
    return ControlResponse.created(id, revision);
  }

  private long freeId() {
    while (byId.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  private void add(long id, WatchedRange range, WatchCreateRequest request, long revision) {
    RangeWatchers watchers = byRange.get(range);
    if (watchers == null) {
      watchers = new RangeWatchers(range, slot);
      byRange.put(range, watchers);
      joined.add(watchers.interest());
    }
    floor = Math.max(floor, revision);
    long start = request.getStartRevision() == 0 ? revision + 1 : request.getStartRevision();
    Watcher watcher = new Watcher(id, watchers, start, Watcher.flagsOf(request));
    byId.put(id, watcher);
    watchers.add(watcher);
    metrics.watchers(1);
    if (watcher.is(Watcher.PROGRESS)) {
      reporting++;
    }
    if (start <= revision) {
      startLagging(watcher, start);
    } else if (request.getStartRevision() > 0) {
      watcher.set(Watcher.FUTURE);
      future.add(watcher);
    }
  }

  private void startLagging(Watcher watcher, long next) {
    catchUp.add(watcher, next);
    lagging++;
    metrics.slowWatchers(1);
  }

  private void stopLagging() {
    metrics.slowWatchers(-1);
    if (--lagging == 0) {
      catchUp.clear();
    }
  }

  /** Ends a watcher for the client; false if there is none of that id. */
  boolean cancel(long id) {
    Watcher watcher = byId.remove(id);
    if (watcher == null) {
      return false;
    }
    if (watcher.is(Watcher.ENDED)) {
      compacted--;
    } else {
      end(watcher);
    }
    return true;
  }

  private void end(Watcher watcher) {
    watcher.set(Watcher.ENDED);
    metrics.watchers(-1);
    if (watcher.is(Watcher.PROGRESS)) {
      reporting--;
    }
    if (watcher.is(Watcher.FUTURE)) {
      future.remove(watcher);
    }
    RangeWatchers watchers = watcher.range;
    watchers.noteEnded();
    if (watchers.isEmpty()) {
      byRange.remove(watchers.range());
      left.add(watchers.interest());
    }
    if (watcher.is(Watcher.LAGGING)) {
      stopLagging();
    }
  }

  /** Ends who may not see more, once users or roles have changed. */
  void endForbidden(long revision, Consumer<ControlResponse> out) {
    if (!authorizer.hasChanged()) {
      return;
    }
    for (RangeWatchers watchers : List.copyOf(byRange.values())) {
      WatchedRange range = watchers.range();
      EtcdException why = authorizer.loss(range.start(), range.requestEnd());
      if (why != null) {
        endAll(
            watchers,
            watcher -> ControlResponse.forbidden(watcher.id, revision, why.asGoError()),
            out);
      }
    }
  }

  private void endAll(
      RangeWatchers range,
      Function<Watcher, ControlResponse> response,
      Consumer<ControlResponse> out) {
    Watcher[] all = range.watchers();
    int count = range.count();
    for (int i = 0; i < count; i++) {
      if (!all[i].is(Watcher.ENDED)) {
        byId.remove(all[i].id);
        end(all[i]);
        out.accept(response.apply(all[i]));
      }
    }
  }

  /** Sends the watchers of a range, except those already there, back to the history. */
  void fallBehind(RangeWatchers watchers, long from) {
    for (int i = 0; i < watchers.count(); i++) {
      Watcher watcher = watchers.watchers()[i];
      if (!watcher.is(Watcher.ENDED) && !watcher.is(Watcher.LAGGING)) {
        startLagging(watcher, Math.max(watcher.next, from));
      }
    }
  }

  boolean isLagging() {
    return lagging > 0;
  }

  /** Lets those behind read on: what they find, and who of them is ended by a compaction. */
  void readOn(MvccView view, Consumer<SessionOutput.Outgoing> out) {
    catchUp.dropCompacted(
        view.compactRevision(),
        watcher -> {
          out.accept(ControlResponse.compacted(watcher.id, view.compactRevision()));
          end(watcher);
          compacted++;
        });
    if (!catchUp.isEmpty()) {
      catchUp.slice(
          view,
          out::accept,
          caughtUp -> {
            floor = Math.max(floor, view.revision());
            lagging--;
            metrics.slowWatchers(-1);
          });
      if (lagging == 0) {
        catchUp.clear(); // of those who ended meanwhile
      }
    }
  }

  /** Whether a report of the revision would step back behind what a watcher knows already. */
  boolean wouldStepBack(long revision) {
    return revision < floor;
  }

  /** Whether a report for the whole stream at the revision would be true. */
  boolean allSeen(long revision) {
    forgetStarted(revision);
    return byId.size() > 0 && lagging == 0 && compacted == 0 && future.isEmpty();
  }

  /** Whether waiting for those behind may make {@link #allSeen} true. */
  boolean mayAllSee(long revision) {
    forgetStarted(revision);
    return lagging > 0 && compacted == 0 && future.isEmpty();
  }

  private void forgetStarted(long revision) {
    Iterator<Watcher> all = future.iterator();
    while (all.hasNext()) {
      Watcher watcher = all.next();
      if (!watcher.startsAfter(revision)) {
        watcher.clear(Watcher.FUTURE);
        all.remove();
      }
    }
  }

  boolean wantsReports() {
    return reporting > 0;
  }

  /**
   * Marks who gets a report: those that had no event since the last call, or all. True if there is
   * any.
   */
  boolean markReportsDue(boolean all) {
    boolean any = false;
    for (Watcher watcher : byId.values()) {
      if (watcher.is(Watcher.PROGRESS) && !watcher.is(Watcher.ENDED)) {
        if (all || !watcher.is(Watcher.ACTIVE)) {
          watcher.set(Watcher.REPORT_DUE);
          any = true;
        }
        watcher.clear(Watcher.ACTIVE);
      }
    }
    return any;
  }

  /** Gives the reports that are due and true at the revision. */
  void reports(long revision, Consumer<ControlResponse> out) {
    for (Watcher watcher : byId.values()) {
      if (watcher.is(Watcher.REPORT_DUE)) {
        watcher.clear(Watcher.REPORT_DUE);
        boolean seen = !watcher.is(Watcher.LAGGING) && !watcher.startsAfter(revision);
        if (seen && !watcher.is(Watcher.ENDED)) {
          out.accept(ControlResponse.progress(watcher.id, revision));
        }
      }
    }
  }

  boolean isEmpty() {
    return byRange.isEmpty();
  }

  /** What the hub has to be told since the last call; null if nothing. */
  EventHub.Change takeChange(long from) {
    if (joined.isEmpty() && left.isEmpty()) {
      return null;
    }
    EventHub.Change change = new EventHub.Change(slot, joined, from, left);
    joined = new ArrayList<>(0);
    left = new ArrayList<>(0);
    return change;
  }

  /** Ends everything, with the stream. */
  EventHub.Change close() {
    metrics.slowWatchers(-lagging);
    List<Interest> all = new ArrayList<>(left);
    for (RangeWatchers watchers : byRange.values()) {
      all.add(watchers.interest());
    }
    metrics.watchers(compacted - byId.size());
    return new EventHub.Change(slot, joined, Long.MAX_VALUE, all);
  }
}
