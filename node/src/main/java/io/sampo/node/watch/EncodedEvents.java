package io.sampo.node.watch;

import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccView;
import java.util.Arrays;

/**
 * The {@code events} field of a response, encoded once for all watchers that want the same events
 * in the same way.
 */
final class EncodedEvents {
  private static final int EVENTS = 11;
  private static final int TYPE = 1;
  private static final int KV = 2;
  private static final int PREV_KV = 3;
  private static final int TYPE_BYTES = 2;

  private final byte[] bytes;

  /** Where each event starts, and the end of the last. */
  private final int[] offsets;

  private EncodedEvents(byte[] bytes, int[] offsets) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  /**
   * Encodes the events from a place up to another, without those that the filters drop.
   *
   * @param encoding of {@link Watcher#encoding}
   * @param view where the previous versions are read, as far as it still has them
   */
  static EncodedEvents of(KeyVersion[] events, int from, int to, int encoding, MvccView view) {
    int capacity = 0;
    for (int i = from; i < to; i++) {
      capacity += events[i].encoded().length + 24;
    }
    Frames out = new Frames(capacity);
    int[] offsets = new int[to - from + 1];
    int count = 0;
    int dropped = encoding & (Watcher.NO_PUT | Watcher.NO_DELETE);
    for (int i = from; i < to; i++) {
      KeyVersion event = events[i];
      if (dropped == 0
          || (dropped & (event.isTombstone() ? Watcher.NO_DELETE : Watcher.NO_PUT)) == 0) {
        write(out, event, (encoding & Watcher.PREVIOUS) == 0 ? null : previous(event, view));
        offsets[++count] = out.size();
      }
    }
    return new EncodedEvents(out.toByteArray(), Arrays.copyOf(offsets, count + 1));
  }

  int count() {
    return offsets.length - 1;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int place) {
    return offsets[place];
  }

  /** What the key was just before; null if it was not there, or if that is forgotten. */
  private static KeyVersion previous(KeyVersion event, MvccView view) {
    long at = event.modRevision() - 1;
    if (event.createRevision() == event.modRevision() || at < view.compactRevision()) {
      return null;
    }
    KeyVersion previous = view.get(event.key(), at);
    return previous == null || previous.isTombstone() ? null : previous;
  }

  private static void write(Frames out, KeyVersion event, KeyVersion previous) {
    byte[] kv = event.encodedForEvent();
    byte[] before = previous == null ? null : previous.encoded();
    int length = Frames.fieldSize(KV, kv.length);
    length += event.isTombstone() ? TYPE_BYTES : 0;
    length += before == null ? 0 : Frames.fieldSize(PREV_KV, before.length);
    out.header(EVENTS, length);
    out.field(TYPE, event.isTombstone() ? 1 : 0);
    out.field(KV, kv);
    if (before != null) {
      out.field(PREV_KV, before);
    }
  }
}
