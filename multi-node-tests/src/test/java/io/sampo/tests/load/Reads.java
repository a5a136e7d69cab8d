package io.sampo.tests.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.HashRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.SnapshotRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a reader asks for over and over: all that the store holds. */
public enum Reads {
  NONE,
  LISTS(new Request("/etcdserverpb.KV/Range", everything(false))),
  SERIALIZABLE_LISTS(new Request("/etcdserverpb.KV/Range", everything(true))),
  GZIP(new Request("/etcdserverpb.KV/Range", everything(false))),
  STREAMS(new Request("/etcdserverpb.KV/RangeStream", everything(false))),
  SNAPSHOTS(
      new Request("/etcdserverpb.Maintenance/Snapshot", SnapshotRequest.getDefaultInstance())),
  HASHES(
      new Request("/etcdserverpb.Maintenance/HashKV", HashKVRequest.getDefaultInstance()),
      new Request("/etcdserverpb.Maintenance/Hash", HashRequest.getDefaultInstance())),
  LAGGING_WATCHERS(new Request("/etcdserverpb.Watch/Watch", watchFromTheFirst()));

  /** One message to one method. */
  record Request(String path, MessageLite message) {
    byte[] framed() {
      byte[] body = message.toByteArray();
      return ByteBuffer.allocate(5 + body.length)
          .put((byte) 0)
          .putInt(body.length)
          .put(body)
          .array();
    }
  }

  private final List<Request> inTurns;

  Reads(Request... inTurns) {
    this.inTurns = List.of(inTurns);
  }

  private static RangeRequest everything(boolean serializable) {
    return RangeRequest.newBuilder()
        .setKey(zero())
        .setRangeEnd(zero())
        .setSerializable(serializable)
        .build();
  }

  private static WatchRequest watchFromTheFirst() {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder().setKey(zero()).setRangeEnd(zero()).setStartRevision(1))
        .build();
  }

  private static ByteString zero() {
    return ByteString.copyFrom(new byte[1]);
  }

  /** The request of a reader's turn. */
  Request request(int turn) {
    return inTurns.get(turn % inTurns.size());
  }

  /** Headers beside those that every call has. */
  Map<String, String> headers() {
    return this == GZIP
        ? Map.of("grpc-encoding", "gzip", "grpc-accept-encoding", "gzip")
        : Map.of();
  }

  /** As options and the report write it: {@code serializable-lists}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The one of that title.
   *
   * @throws IllegalArgumentException that names all of them
   */
  public static Reads of(String title) {
    return Arrays.stream(values())
        .filter(each -> each.title().equals(title))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no such reads: " + title + "; " + titles()));
  }

  /** All titles, with commas between. */
  public static String titles() {
    return Arrays.stream(values()).map(Reads::title).collect(Collectors.joining(","));
  }
}
