package io.sampo.node.discovery;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.PutResponse;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RangeResponse;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.mvccpb.KeyValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry in an etcd cluster, called as etcd's client calls it: the endpoints take turns, and an
 * endpoint that is not there costs a call some milliseconds, within its time.
 */
final class EtcdRegistry implements Registry {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdRegistry.class);
  private static final String RANGE = "/etcdserverpb.KV/Range";
  private static final String PUT = "/etcdserverpb.KV/Put";
  private static final String WATCH = "/etcdserverpb.Watch/Watch";
  private static final String AUTHENTICATE = "/etcdserverpb.Auth/Authenticate";

  private static final int MAX_ATTEMPTS = 100;
  private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(25);
  private static final Duration BETWEEN_WATCHES = Duration.ofMillis(500);
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;

  private final GrpcClient client;
  private final List<Endpoint> endpoints;
  private final DiscoverySettings.Client settings;
  private final LongSupplier nanoTime;
  private final Discovery.Pause pause;
  private Optional<String> token = Optional.empty();
  private int turn;

  EtcdRegistry(
      GrpcClient client,
      List<Endpoint> endpoints,
      DiscoverySettings.Client settings,
      LongSupplier nanoTime,
      Discovery.Pause pause) {
    this.client = client;
    this.endpoints = endpoints;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** Gets the user's token; without a user, or where there is no authentication, there is none. */
  void authenticate() throws RegistryException, InterruptedException {
    if (settings.user().isEmpty() || settings.password().isEmpty()) {
      return;
    }
    long limit = settings.dialTimeoutNanos() > 0 ? settings.dialTimeoutNanos() : FOREVER_NANOS;
    try {
      AuthenticateRequest request =
          AuthenticateRequest.newBuilder()
              .setName(settings.user())
              .setPassword(settings.password())
              .build();
      token =
          Optional.of(
              repeat(AUTHENTICATE, request, AuthenticateResponse.parser(), limit).getToken());
    } catch (GrpcException e) {
      if (!e.description().equals("etcdserver: authentication is not enabled")) {
        throw new RegistryException(e.getMessage(), e);
      }
      token = Optional.empty();
    }
  }

  @Override
  public Listing get(String key) throws RegistryException, InterruptedException {
    return range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build());
  }

  @Override
  public Listing list(String prefix) throws RegistryException, InterruptedException {
    return range(
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(prefix))
            .setRangeEnd(end(prefix))
            .build());
  }

  private Listing range(RangeRequest request) throws RegistryException, InterruptedException {
    RangeResponse response = ask(RANGE, request, RangeResponse.parser());
    return new Listing(
        response.getHeader().getRevision(),
        response.getKvsList().stream().map(EtcdRegistry::entry).toList());
  }

  @Override
  public void put(String key, String value) throws RegistryException, InterruptedException {
    PutRequest request =
        PutRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    ask(PUT, request, PutResponse.parser());
  }

  @Override
  public void watch(String prefix, long revision, Predicate<List<Entry>> enough)
      throws RegistryException, InterruptedException {
    long next = revision;
    while (true) {
      authenticate();
      WatchCreateRequest create =
          WatchCreateRequest.newBuilder()
              .setKey(ByteString.copyFromUtf8(prefix))
              .setRangeEnd(end(prefix))
              .setStartRevision(next)
              .build();
      WatchRequest request = WatchRequest.newBuilder().setCreateRequest(create).build();
      try (GrpcReply reply = client.call(nextEndpoint(), WATCH, request, true, token)) {
        Optional<WatchResponse> response = next(reply);
        while (response.isPresent()) {
          if (changes(response.get(), enough)) {
            return;
          }
          if (response.get().getEventsCount() > 0) {
            next = response.get().getHeader().getRevision() + 1;
          }
          response = next(reply);
        }
      } catch (GrpcException e) {
        LOG.atDebug().addKeyValue("error", e.getMessage()).log("watch of members has ended");
      }
      // As etcd's client: whoever cannot watch now will be able to later.
      pause.of(BETWEEN_WATCHES);
    }
  }

  private static boolean changes(WatchResponse response, Predicate<List<Entry>> enough)
      throws RegistryException {
    if (response.getCanceled()) {
      String reason = response.getCancelReason();
      throw new RegistryException(
          response.getCompactRevision() > 0
              ? "etcdserver: mvcc: required revision has been compacted"
              : reason.isEmpty() ? "watch canceled" : reason);
    }
    return enough.test(
        response.getEventsList().stream().map(event -> entry(event.getKv())).toList());
  }

  private static Optional<WatchResponse> next(GrpcReply reply)
      throws GrpcException, InterruptedException {
    Optional<org.apache.pekko.util.ByteString> message = reply.next(() -> FOREVER_NANOS);
    return message.isEmpty()
        ? Optional.empty()
        : Optional.of(parse(message.get(), WatchResponse.parser()));
  }

  private <T> T ask(String path, MessageLite request, Parser<T> parser)
      throws RegistryException, InterruptedException {
    try {
      return repeat(path, request, parser, settings.requestTimeoutNanos());
    } catch (GrpcException e) {
      if (e.description().equals("etcdserver: invalid auth token")) {
        authenticate();
      }
      throw new RegistryException(e.getMessage(), e);
    }
  }

  /** Until somebody answers, whatever it is. */
  private <T> T repeat(String path, MessageLite request, Parser<T> parser, long limitNanos)
      throws GrpcException, InterruptedException {
    long begin = nanoTime.getAsLong();
    LongSupplier left = () -> limitNanos - (nanoTime.getAsLong() - begin);
    GrpcException last = GrpcException.late();
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (attempt > 0 && attempt % endpoints.size() == 0) {
        pause.of(BETWEEN_ROUNDS);
      }
      if (left.getAsLong() <= 0) {
        throw GrpcException.late();
      }
      try (GrpcReply reply = client.call(nextEndpoint(), path, request, false, token)) {
        Optional<org.apache.pekko.util.ByteString> answer = reply.next(left);
        // The status stands behind the message.
        reply.next(left);
        if (answer.isPresent()) {
          return parse(answer.get(), parser);
        }
        throw GrpcException.nonsense("no message in the answer");
      } catch (GrpcException e) {
        if (!e.isWorthAnotherTry()) {
          throw e;
        }
        last = e;
      }
    }
    throw last;
  }

  private Endpoint nextEndpoint() {
    Endpoint endpoint = endpoints.get(turn % endpoints.size());
    turn = (turn + 1) % endpoints.size();
    return endpoint;
  }

  private static <T> T parse(org.apache.pekko.util.ByteString message, Parser<T> parser)
      throws GrpcException {
    try {
      return parser.parseFrom(message.toArrayUnsafe());
    } catch (InvalidProtocolBufferException e) {
      throw GrpcException.nonsense(e.getMessage());
    }
  }

  private static Entry entry(KeyValue pair) {
    return new Entry(
        pair.getKey().toStringUtf8(), pair.getValue().toStringUtf8(), pair.getCreateRevision());
  }

  /** The first key behind all with this prefix; the last byte is that of a letter. */
  private static ByteString end(String prefix) {
    byte[] end = prefix.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    end[end.length - 1]++;
    return ByteString.copyFrom(end);
  }
}
