package io.sampo.node.edge.http2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The open streams of a connection, and how the last ones ended. */
final class Streams {
  private static final int REMEMBERED = 32;

  /** How a stream ended. */
  enum End {
    /** Both sides ended it. */
    BOTH,
    /** The client reset it. */
    CLIENT_RESET,
    /** We did not wait for the client's end; what it had sent on the way is no fault. */
    OURS,
    /** It was never open, or so long ago that nobody knows. */
    UNKNOWN
  }

  /** The last one opened, if it is open: most streams end before the next one comes. */
  private Http2Stream latest;

  private final Map<Integer, Http2Stream> others = new HashMap<>();
  private int highest;
  private int[] endedIds;
  private End[] ends;
  private int nextEnd;

  int size() {
    return others.size() + (latest == null ? 0 : 1);
  }

  /** The highest id that a client has used. */
  int highest() {
    return highest;
  }

  void use(int id) {
    highest = id;
  }

  /** The open stream of that id, or null. */
  Http2Stream get(int id) {
    return latest != null && latest.id() == id ? latest : others.get(id);
  }

  void add(Http2Stream stream) {
    if (latest != null) {
      others.put(latest.id(), latest);
    }
    latest = stream;
  }

  void remove(Http2Stream stream, End end) {
    if (latest == stream) {
      latest = null;
    } else {
      others.remove(stream.id(), stream);
    }
    remember(stream.id(), end);
  }

  void remember(int id, End end) {
    if (endedIds == null) {
      endedIds = new int[REMEMBERED];
      ends = new End[REMEMBERED];
    }
    endedIds[nextEnd] = id;
    ends[nextEnd] = end;
    nextEnd = (nextEnd + 1) % REMEMBERED;
  }

  End endOf(int id) {
    for (int i = 0; endedIds != null && i < REMEMBERED; i++) {
      if (endedIds[i] == id) {
        return ends[i];
      }
    }
    return End.UNKNOWN;
  }

  /** Those that are open now; may be changed meanwhile. */
  List<Http2Stream> all() {
    List<Http2Stream> all = new ArrayList<>(others.values());
    if (latest != null) {
      all.add(latest);
    }
    return all;
  }
}
