package io.sampo.node.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.state.mvcc.KeyVersion;
import io.sampo.node.state.mvcc.MvccStore;
import io.sampo.node.state.mvcc.MvccView;
import io.sampo.node.state.mvcc.RevisionBatch;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;

/** A store, its hub and any number of client streams, moved one message at a time. */
final class WatchWorld {
  static final long CLUSTER = 0xc1;
  static final long MEMBER = 0xae;
  static final long TERM = 7;

  final MvccStore store = new MvccStore();
  final List<RevisionBatch> log = new ArrayList<>();
  final List<WatchClient> clients = new ArrayList<>();
  final BehaviorTestKit<EventHub.Command> hub;
  WatchAuthorizer authorizer = WatchAuthorizer.EVERYTHING;
  int fragmentBytes = 1 << 21;
  int chunkBytes = 1 << 16;
  int sliceVersions = 1024;
  private MvccView view = store.view(0);

  WatchWorld() {
    this(1024);
  }

  WatchWorld(int ringEvents) {
    hub = BehaviorTestKit.create(EventHub.create(view.revision(), ringEvents, 1 << 20));
  }

  WatchClient open() {
    WatchHeader header = new WatchHeader(CLUSTER, MEMBER, () -> TERM);
    WatchSource source =
        new WatchSource(
            hub.getRef(),
            () -> view,
            header,
            new WatchSettings(Duration.ofMinutes(10), fragmentBytes, chunkBytes, sliceVersions),
            new WatchMetrics(new MetricsRegistry()),
            new Random(1));
    WatchClient client = new WatchClient(source, authorizer);
    clients.add(client);
    return client;
  }

  MvccView view() {
    return view;
  }

  long put(String key, String value) {
    return write(transaction -> transaction.put(bytes(key), byteString(value), 0));
  }

  long delete(String key) {
    return write(transaction -> transaction.delete(bytes(key)));
  }

  /** One revision of any number of writes. */
  long write(Consumer<MvccStore> writes) {
    writes.accept(store);
    List<KeyVersion> versions = store.commit();
    view = store.view(0);
    if (!versions.isEmpty()) {
      RevisionBatch batch = new RevisionBatch(view.revision(), versions);
      log.add(batch);
      hub.getRef().tell(new EventHub.Publish(List.of(batch)));
    }
    return view.revision();
  }

  void compact(long revision) {
    store.compact(revision);
    while (store.compactStep()) {
      // all of it
    }
    view = store.view(0);
    hub.getRef().tell(EventHub.Signal.COMPACTED);
  }

  boolean stepHub() {
    boolean any = hub.selfInbox().hasMessages();
    if (any) {
      hub.runOne();
    }
    return any;
  }

  /** Lets everything happen that can. */
  void settle() {
    boolean any = true;
    while (any) {
      any = false;
      while (stepHub()) {
        any = true;
      }
      for (WatchClient client : clients) {
        while (client.step()) {
          any = true;
        }
        any |= client.pull();
      }
    }
  }

  /** Lets everything happen that can, and takes what the client got. */
  List<WatchResponse> settled(WatchClient client) {
    settle();
    return client.take();
  }

  /** The one response that the client gets when everything has happened. */
  WatchResponse only(WatchClient client) {
    List<WatchResponse> responses = settled(client);
    assertEquals(1, responses.size(), responses.toString());
    return responses.get(0);
  }

  static WatchCreateRequest.Builder on(String key) {
    return WatchCreateRequest.newBuilder().setKey(byteString(key));
  }

  static WatchCreateRequest.Builder range(String key, String end) {
    return on(key).setRangeEnd(byteString(end));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static ByteString byteString(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
