package io.sampo.tests.compare;

import static io.sampo.tests.grpc.Etcd.bytes;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantResponse;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveResponse;
import io.sampo.protocol.etcdserverpb.LeaseLeasesRequest;
import io.sampo.protocol.etcdserverpb.LeaseLeasesResponse;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeResponse;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveRequest;
import io.sampo.protocol.etcdserverpb.LeaseTimeToLiveResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.WatchCancelRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchProgressRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.tests.grpc.GrpcStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Leases and watches, streams included. */
final class SessionSteps {

  private static final String LEASE = "/etcdserverpb.Lease/";
  private static final String WATCH = "/etcdserverpb.Watch/Watch";
  private static final int TOO_LARGE_BYTES = 4 << 20;
  private static final Duration QUIET = Duration.ofMillis(400);

  private final List<Step> steps = new ArrayList<>();

  private SessionSteps() {}

  static List<Step> all() {
    SessionSteps all = new SessionSteps();
    all.leases();
    all.watches();
    all.brokenSessions();
    return all.steps;
  }

  private void leases() {
    for (long[] grant :
        new long[][] {{1, 1_000}, {1, 5}, {2, 9_000_000_000L}, {3, 9_000_000_001L}, {-4, 700}}) {
      steps.add(grant(grant[0], grant[1]));
    }
    steps.add(
        KeyValueSteps.put(
            "with lease",
            PutRequest.newBuilder().setKey(bytes("leased/b")).setValue(bytes("v")).setLease(1)));
    steps.add(
        KeyValueSteps.put(
            "with lease too", PutRequest.newBuilder().setKey(bytes("leased/a")).setLease(1)));
    for (long id : new long[] {1, 2, -4, 99}) {
      LeaseTimeToLiveRequest request =
          LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build();
      steps.add(
          unary(
              "time to live " + id,
              "LeaseTimeToLive",
              request,
              LeaseTimeToLiveResponse.getDefaultInstance()));
    }
    steps.add(
        unary(
            "list",
            "LeaseLeases",
            LeaseLeasesRequest.getDefaultInstance(),
            LeaseLeasesResponse.getDefaultInstance()));
    steps.add(new Step("lease/keep alive", SessionSteps::keepAlive));
    for (long id : new long[] {1, 1, 2, -4, 99}) {
      LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(id).build();
      steps.add(
          unary("revoke " + id, "LeaseRevoke", request, LeaseRevokeResponse.getDefaultInstance()));
    }
  }

  private static Step grant(long id, long seconds) {
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setID(id).setTTL(seconds).build();
    return unary(
        "grant " + id + " " + seconds,
        "LeaseGrant",
        request,
        LeaseGrantResponse.getDefaultInstance());
  }

  private static Step unary(String name, String method, Message request, Message answer) {
    return new Step("lease/" + name, target -> target.unary(LEASE + method, request, answer));
  }

  private static String keepAlive(Target target) {
    try (GrpcStream<LeaseKeepAliveResponse> stream =
        target.client().stream(
            LEASE + "LeaseKeepAlive", LeaseKeepAliveResponse.getDefaultInstance())) {
      StringBuilder text = new StringBuilder();
      for (long id : new long[] {1, 99, -4, 1}) {
        stream.send(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        text.append(Rendering.message(stream.next())).append("--\n");
      }
      stream.halfClose();
      return text.append(Rendering.status(stream.end())).toString();
    }
  }

  private static WatchCreateRequest.Builder create(String key, String end, long from) {
    return WatchCreateRequest.newBuilder()
        .setKey(bytes(key))
        .setRangeEnd(bytes(end))
        .setStartRevision(from);
  }

  private static WatchRequest of(WatchCreateRequest.Builder create) {
    return WatchRequest.newBuilder().setCreateRequest(create).build();
  }

  private static WatchRequest cancel(long id) {
    return WatchRequest.newBuilder()
        .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
        .build();
  }

  private static WatchRequest progress() {
    return WatchRequest.newBuilder()
        .setProgressRequest(WatchProgressRequest.getDefaultInstance())
        .build();
  }

  private void watches() {
    watch("history of a range", of(create("a", "f", 10)));
    watch("history with previous", of(create("a", "f", 10).setPrevKv(true)));
    watch("no puts", of(create("a", "f", 10).addFilters(WatchCreateRequest.FilterType.NOPUT)));
    watch(
        "no deletes", of(create("a", "f", 10).addFilters(WatchCreateRequest.FilterType.NODELETE)));
    watch("from key", of(create("leased/", "\0", 10)));
    watch("empty key from", of(create("", "\0", 10)));
    watch("compacted", of(create("a", "", 2)));
    watch("negative start", of(create("a", "", -1)));
    watch("future", of(create("a", "", 100_000)));
    watch("empty range", of(create("b", "a", 0)));
    watch(
        "same id twice",
        of(create("a", "", 0).setWatchId(7)),
        of(create("a", "", 0).setWatchId(7)));
    watch(
        "chosen then automatic",
        of(create("a", "", 0).setWatchId(1)),
        of(create("a", "", 0)),
        of(create("a", "", 0)));
    watch("negative id", of(create("a", "", 0).setWatchId(-5)));
    watch("cancel", of(create("a", "", 0)), cancel(0), cancel(0), cancel(77));
    steps.add(new Step("watch/progress", SessionSteps::askProgress));
    watch("progress without a watcher", progress());
    watch("fragment", of(create("a", "f", 10).setFragment(true)));
    watch("empty request", WatchRequest.getDefaultInstance(), of(create("a", "", 0)));
    steps.add(new Step("watch/what comes", SessionSteps::watchWhatComes));
  }

  private void watch(String name, WatchRequest... requests) {
    steps.add(new Step("watch/" + name, target -> transcript(target, List.of(requests))));
  }

  private static String transcript(Target target, List<WatchRequest> requests) {
    try (GrpcStream<WatchResponse> stream = target.etcd().watch()) {
      requests.forEach(stream::send);
      return text(stream.drain(QUIET));
    }
  }

  /** etcd may answer a progress request before it reports the creation: one after the other. */
  private static String askProgress(Target target) {
    try (GrpcStream<WatchResponse> stream = target.etcd().watch()) {
      stream.send(of(create("a", "", 0)));
      String created = Rendering.message(stream.next());
      stream.send(progress());
      return created + Rendering.message(stream.next());
    }
  }

  private static String watchWhatComes(Target target) {
    try (GrpcStream<WatchResponse> stream = target.etcd().watch()) {
      stream.send(of(create("live/", "live0", 0).setPrevKv(true)));
      StringBuilder text = new StringBuilder(Rendering.message(stream.next()));
      for (String value : List.of("1", "2")) {
        target.etcd().put(PutRequest.newBuilder().setKey(bytes("live/a")).setValue(bytes(value)));
        text.append(Rendering.message(stream.next())).append("--\n");
      }
      stream.send(progress());
      stream.halfClose();
      return text + text(stream.drain(QUIET));
    }
  }

  /** Events of one watcher that come in several answers read as if they came in one. */
  private static String text(List<Object> arrived) {
    List<WatchResponse.Builder> merged = new ArrayList<>();
    StringBuilder end = new StringBuilder();
    for (Object one : arrived) {
      if (one instanceof Status status) {
        end.append(Rendering.status(status));
      } else {
        merge(merged, (WatchResponse) one);
      }
    }
    StringBuilder text = new StringBuilder();
    merged.forEach(one -> text.append(Rendering.message(one.build())).append("--\n"));
    return text.append(end).toString();
  }

  private static void merge(List<WatchResponse.Builder> merged, WatchResponse next) {
    WatchResponse.Builder last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
    if (last != null
        && last.getEventsCount() > 0
        && next.getEventsCount() > 0
        && last.getWatchId() == next.getWatchId()) {
      last.addAllEvents(next.getEventsList());
    } else {
      merged.add(next.toBuilder());
    }
  }

  /** Messages that cannot be read. */
  private void brokenSessions() {
    byte[] cut = {0x0a, 0x05, 1};
    steps.add(new Step("watch/garbage", target -> broken(target, WATCH, cut)));
    steps.add(
        new Step("watch/too large", target -> broken(target, WATCH, new byte[TOO_LARGE_BYTES])));
    steps.add(new Step("lease/garbage", target -> broken(target, LEASE + "LeaseKeepAlive", cut)));
  }

  private static String broken(Target target, String method, byte[] message) {
    try (GrpcStream<WatchResponse> stream =
        target.client().stream(method, WatchResponse.getDefaultInstance())) {
      stream.sendRaw(message);
      return Rendering.status(stream.end());
    }
  }
}
