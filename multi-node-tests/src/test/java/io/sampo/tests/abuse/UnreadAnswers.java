package io.sampo.tests.abuse;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** Clients that ask for much and never take it. */
record UnreadAnswers(How how, int connections, int calls, int megabytes, Duration limit)
    implements Abuse {

  /** What is asked, and how it is left unread. */
  enum How {
    /** By gRPC, with windows that never open. */
    RANGES,
    /** Watches likewise; what they watch is written then. */
    WATCHES,
    /** By HTTP/1.1, one call on each connection, and nothing is read. */
    JSON
  }

  private static final Duration SETUP_LIMIT = Duration.ofSeconds(30);
  private static final int VALUE_BYTES = 1 << 20;
  private static final String KEY = "unread/";
  private static final String END = "unread0";

  @Override
  public String title() {
    return "unread-" + how.name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public String what() {
    return "%s of %d MB, %d on each of %d connections, none taken, %d s"
        .formatted(
            how == How.WATCHES
                ? "gRPC: watches"
                : how == How.JSON ? "JSON: ranges" : "gRPC: ranges",
            megabytes,
            calls,
            connections,
            limit.toSeconds());
  }

  @Override
  public void run(RudeClients clients) throws IOException {
    long deadline = RudeClients.after(limit.plus(SETUP_LIMIT));
    try (GrpcClient client = new GrpcClient(clients.server().endpoint(), SETUP_LIMIT)) {
      if (how != How.WATCHES) {
        write(new Etcd(client));
      }
      for (int i = 0; i < connections; i++) {
        ask(how == How.JSON ? clients.connect() : clients.connectHttp2(), deadline);
      }
      if (how == How.WATCHES) {
        clients.hold(Duration.ofMillis(500));
        write(new Etcd(client));
      }
    }
    clients.hold(limit);
    long received = clients.connections().stream().mapToLong(RudeConnection::receivedBytes).sum();
    clients.note("%.1f MB taken".formatted(received / 1e6));
  }

  private void write(Etcd etcd) {
    ByteString value = ByteString.copyFrom(new byte[VALUE_BYTES]);
    for (int i = 0; i < megabytes; i++) {
      etcd.put(PutRequest.newBuilder().setKey(Etcd.bytes(KEY + i)).setValue(value));
    }
  }

  private void ask(RudeConnection connection, long deadline) {
    if (how == How.JSON) {
      connection.stopReading();
      connection.send(json(), deadline);
      return;
    }
    FrameBytes out = new FrameBytes();
    for (int i = 0; i < calls; i++) {
      int stream = 2 * i + 1;
      if (how == How.WATCHES) {
        out.grpcHeaders(stream, "/etcdserverpb.Watch/Watch").message(stream, false, watch(), false);
      } else {
        out.grpcHeaders(stream, "/etcdserverpb.KV/Range").message(stream, false, range(), true);
      }
    }
    connection.send(out.bytes(), deadline);
  }

  private static byte[] range() {
    return RangeRequest.newBuilder()
        .setKey(Etcd.bytes(KEY))
        .setRangeEnd(Etcd.bytes(END))
        .build()
        .toByteArray();
  }

  private static byte[] watch() {
    return WatchRequest.newBuilder()
        .setCreateRequest(
            WatchCreateRequest.newBuilder().setKey(Etcd.bytes(KEY)).setRangeEnd(Etcd.bytes(END)))
        .build()
        .toByteArray();
  }

  private static String json() {
    String body = "{\"key\":\"%s\",\"range_end\":\"%s\"}".formatted(base64(KEY), base64(END));
    return "POST /v3/kv/range HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
