package io.sampo.node.watch;

import java.nio.charset.StandardCharsets;

/** Writes {@code WatchResponse} messages as gRPC frames. */
final class WatchResponseWriter {
  /** Stands in for the id of a watcher where there is none, or where all are meant. */
  static final long NO_WATCHER = -1;

  private static final int HEADER = 1;
  private static final int WATCH_ID = 2;
  private static final int CREATED = 3;
  private static final int CANCELED = 4;
  private static final int COMPACT_REVISION = 5;
  private static final int CANCEL_REASON = 6;
  private static final int FRAGMENT = 7;

  private final WatchHeader header;

  WatchResponseWriter(WatchHeader header) {
    this.header = header;
  }

  /** A response without events. */
  void control(Frames out, ControlResponse response) {
    out.beginFrame();
    start(out, response.revision(), response.watchId());
    out.field(CREATED, response.created() ? 1 : 0);
    out.field(CANCELED, response.canceled() ? 1 : 0);
    out.field(COMPACT_REVISION, response.compactRevision());
    if (!response.cancelReason().isEmpty()) {
      out.field(CANCEL_REASON, response.cancelReason().getBytes(StandardCharsets.UTF_8));
    }
    out.endFrame();
  }

  /** A response with the events of the encoded ones from a place up to another. */
  void events(
      Frames out,
      long watchId,
      long revision,
      EncodedEvents events,
      int from,
      int to,
      boolean more) {
    out.beginFrame();
    start(out, revision, watchId);
    out.field(FRAGMENT, more ? 1 : 0);
    int offset = events.offset(from);
    out.raw(events.bytes(), offset, events.offset(to) - offset);
    out.endFrame();
  }

  /** The size of such a response, without its frame. */
  int size(long watchId, long revision, int eventBytes) {
    return Frames.fieldSize(HEADER, headerSize(revision))
        + Frames.fieldSize(WATCH_ID, watchId)
        + eventBytes;
  }

  private void start(Frames out, long revision, long watchId) {
    out.header(HEADER, headerSize(revision));
    out.field(1, header.clusterId());
    out.field(2, header.memberId());
    out.field(3, revision);
    out.field(4, header.raftTerm());
    out.field(WATCH_ID, watchId);
  }

  private int headerSize(long revision) {
    return Frames.fieldSize(1, header.clusterId())
        + Frames.fieldSize(2, header.memberId())
        + Frames.fieldSize(3, revision)
        + Frames.fieldSize(4, header.raftTerm());
  }
}
