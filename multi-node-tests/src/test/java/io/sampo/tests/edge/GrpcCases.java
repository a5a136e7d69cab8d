package io.sampo.tests.edge;

import static io.sampo.tests.edge.Http2Script.connected;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** gRPC over HTTP/2: headers of every kind, messages, encodings, streams. */
final class GrpcCases {

  /** A RangeRequest for the key {@code a}. */
  static final byte[] RANGE = {0x0a, 1, 'a'};

  /** A WatchRequest that creates a watch on the key {@code a}. */
  private static final byte[] WATCH = {0x0a, 3, 0x0a, 1, 'a'};

  /** A RangeRequest for eight values of 1 MB. */
  private static final byte[] LARGE = {
    0x0a, 5, 'l', 'a', 'r', 'g', 'e', 0x12, 5, 'l', 'a', 'r', 'g', 'f'
  };

  private static final String PATH = "/etcdserverpb.KV/Range";

  private GrpcCases() {}

  /** The header list of a good call. */
  static List<String> request() {
    return request("POST", PATH, "h", "content-type", "application/grpc", "te", "trailers");
  }

  private static List<String> request(
      String method, String path, String authority, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", method, ":scheme", "http", ":path", path, ":authority", authority));
    fields.addAll(List.of(more));
    return fields;
  }

  static byte[] prefixed(byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  static List<EdgeCase> all() {
    List<EdgeCase> cases = new ArrayList<>();
    String type = "content-type";
    String grpc = "application/grpc";
    Inputs.of("grpc-authorities")
        .forEach(
            authority ->
                cases.add(
                    call(
                        "authority '" + cut(authority) + "'",
                        request("POST", PATH, authority, type, grpc, "te", "trailers"))));
    Inputs.of("grpc-paths")
        .forEach(
            path ->
                cases.add(
                    call(
                        "path '" + cut(path) + "'",
                        request("POST", path, "h", type, grpc, "te", "trailers"))));
    Inputs.of("grpc-methods")
        .forEach(
            method ->
                cases.add(
                    call(
                        "method '" + method + "'",
                        request(method, PATH, "h", type, grpc, "te", "trailers"))));
    Inputs.of("grpc-content-types")
        .forEach(
            value ->
                cases.add(
                    call(
                        "type '" + value + "'",
                        request("POST", PATH, "h", type, value, "te", "trailers"))));
    Inputs.of("grpc-timeouts")
        .forEach(
            value ->
                cases.add(
                    call(
                        "timeout '" + value + "'",
                        request("POST", PATH, "h", type, grpc, "grpc-timeout", value))));
    for (String value : Inputs.of("grpc-encodings")) {
      List<String> fields = request("POST", PATH, "h", type, grpc, "grpc-encoding", value);
      cases.add(call("encoding '" + value + "'", fields));
      cases.add(
          connected()
              .headers(1, false, fields)
              .body(1, true, compressed(RANGE))
              .as("grpc/encoding '" + value + "', compressed"));
    }
    for (String line : Inputs.of("grpc-fields")) {
      List<String> more = List.of(line.split(" \\| ?", -1));
      List<String> fields = request();
      fields.addAll(more);
      cases.add(
          call(
              "field "
                  + more.toString().replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0"),
              fields));
    }
    cases.addAll(missing());
    cases.addAll(messages());
    cases.addAll(streams());
    cases.addAll(others());
    cases.addAll(large());
    return cases;
  }

  private static String cut(String text) {
    return text.length() > 100 ? text.substring(0, 5) + "... " + text.length() : text;
  }

  /** The call, then another one on the same connection, which must be answered. */
  private static EdgeCase call(String name, List<String> fields) {
    return connected()
        .headers(1, false, fields)
        .message(1, true, RANGE)
        .pause(100)
        .headers(3, false, request())
        .message(3, true, RANGE)
        .as("grpc/" + name);
  }

  private static List<EdgeCase> missing() {
    List<EdgeCase> cases = new ArrayList<>();
    for (String name : List.of(":method", ":scheme", ":path", ":authority", "content-type", "te")) {
      List<String> fields = request();
      int at = fields.indexOf(name);
      cases.add(call("no " + name, without(fields, at)));
    }
    cases.add(call("no :authority but host", with(without(request(), 6), "host", "h")));
    cases.add(
        call(
            "scheme https",
            request("POST", PATH, "h", "content-type", "application/grpc", ":scheme", "https")));
    List<String> late = new ArrayList<>(List.of("a", "b"));
    late.addAll(request());
    cases.add(call("pseudo-headers last", late));
    cases.add(call("4,100 headers", with(request(), "a", "b", 4_100)));
    cases.add(call("200 headers", with(request(), "a", "b", 200)));
    cases.add(continued("headers of 100 kB", with(request(), "a", "x".repeat(1_000), 100)));
    cases.add(continued("headers of 1 MB", with(request(), "a", "x".repeat(10_000), 102)));
    cases.add(continued("headers of 2 MB", with(request(), "a", "x".repeat(10_000), 200)));
    cases.add(continued("headers of 17 MB", with(request(), "a", "x".repeat(10_000), 1_700)));
    return cases;
  }

  private static EdgeCase continued(String name, List<String> fields) {
    byte[] block = Http2Script.block(fields);
    Http2Script script = connected();
    int most = 16_384;
    for (int at = 0; at < block.length; at += most) {
      int end = Math.min(block.length, at + most);
      int flags = end == block.length ? Http2Script.END_HEADERS : 0;
      script.frame(
          at == 0 ? Http2Script.HEADERS : Http2Script.CONTINUATION,
          flags,
          1,
          java.util.Arrays.copyOfRange(block, at, end));
    }
    return script
        .message(1, true, RANGE)
        .pause(100)
        .headers(3, false, request())
        .message(3, true, RANGE)
        .as("grpc/" + name);
  }

  private static List<String> without(List<String> fields, int at) {
    List<String> rest = new ArrayList<>(fields);
    rest.remove(at);
    rest.remove(at);
    return rest;
  }

  private static List<String> with(List<String> fields, String name, String value) {
    return with(fields, name, value, 1);
  }

  private static List<String> with(List<String> fields, String name, String value, int times) {
    List<String> all = new ArrayList<>(fields);
    for (int i = 0; i < times; i++) {
      all.addAll(List.of(name, value));
    }
    return all;
  }

  private static Http2Script open(String path) {
    return connected()
        .headers(
            1,
            false,
            request("POST", path, "h", "content-type", "application/grpc", "te", "trailers"));
  }

  private static List<EdgeCase> messages() {
    byte[] both = ByteBuffer.allocate(16).put(prefixed(RANGE)).put(prefixed(RANGE)).array();
    return List.of(
        open(PATH).as("grpc/headers alone"),
        connected().headers(1, true, request()).as("grpc/trailers only"),
        open(PATH).data(1, true, new byte[0]).as("grpc/no message"),
        open(PATH).data(1, true, new byte[] {0, 0, 0, 0}).as("grpc/4 bytes"),
        open(PATH).data(1, true, new byte[] {0, 0, 0, 0, 0}).as("grpc/an empty message"),
        open(PATH).data(1, true, new byte[] {0, 0, 0, 0, 9, 1}).as("grpc/a message cut short"),
        open(PATH)
            .data(1, true, new byte[] {0, 0, 0, 0, 2, (byte) 0xff, (byte) 0xff})
            .as("grpc/a message of nonsense"),
        open(PATH)
            .data(1, true, new byte[] {1, 0, 0, 0, 3, 0x0a, 1, 'a'})
            .as("grpc/a message called compressed"),
        open(PATH).data(1, true, new byte[] {2, 0, 0, 0, 3, 0x0a, 1, 'a'}).as("grpc/compression 2"),
        open(PATH)
            .data(1, false, new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff})
            .as("grpc/a message of 4 GB announced"),
        open(PATH)
            .data(1, false, new byte[] {0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff})
            .as("grpc/a message of 16 MB announced"),
        open(PATH).data(1, true, both).as("grpc/two messages"),
        open(PATH).message(1, false, RANGE).as("grpc/a message, no end"),
        open(PATH)
            .message(1, false, RANGE)
            .pause(300)
            .data(1, true, new byte[0])
            .as("grpc/a message, then the end"));
  }

  private static List<EdgeCase> streams() {
    String watch = "/etcdserverpb.Watch/Watch";
    String keepAlive = "/etcdserverpb.Lease/LeaseKeepAlive";
    return List.of(
        open(watch).message(1, true, WATCH).as("grpc/watch, closed"),
        open(watch).data(1, true, new byte[0]).as("grpc/watch of nothing, closed"),
        open(watch).message(1, false, WATCH).as("grpc/watch"),
        open(watch)
            .message(1, false, WATCH)
            .pause(300)
            .frame(3, 0, 1, Http2Script.number(8))
            .as("grpc/watch, reset"),
        open(watch)
            .data(1, false, new byte[] {0, 0, 0, 0, 2, (byte) 0xff, (byte) 0xff})
            .as("grpc/watch of nonsense"),
        open(watch)
            .data(1, true, new byte[] {0, 0, 0, 0, 9, 1})
            .as("grpc/watch, a message cut short"),
        open(watch)
            .data(1, false, new byte[] {0, 0, 0, 0, 9, 1})
            .halfClose()
            .as("grpc/watch, the connection cut in a message"),
        open(keepAlive).message(1, false, new byte[] {8, 7}).as("grpc/keep-alive of no lease"),
        open(keepAlive).message(1, true, new byte[] {8, 7}).as("grpc/keep-alive, closed"),
        open(keepAlive).data(1, true, new byte[0]).as("grpc/keep-alive of nothing, closed"),
        open(keepAlive)
            .data(1, true, new byte[] {0, 0, 0, 0, 9, 1})
            .as("grpc/keep-alive, a message cut short"));
  }

  private static List<EdgeCase> others() {
    return List.of(
        open("/grpc.health.v1.Health/Check").message(1, true, new byte[0]).as("grpc/health"),
        open("/grpc.health.v1.Health/Check")
            .message(1, true, new byte[] {10, 1, 'x'})
            .as("grpc/health of x"),
        open("/grpc.health.v1.Health/Watch").message(1, true, new byte[0]).as("grpc/health watch"),
        open("/etcdserverpb.KV/Nope").as("grpc/unknown method before its body"),
        open("/etcdserverpb.KV/Range").message(1, true, new byte[0]).as("grpc/etcd's error"),
        connected()
            .headers(1, false, request("POST", PATH, "h", "content-type", "nonsense"))
            .as("grpc/wrong type before its body"),
        connected().headers(1, true, request("GET", "/health", "h")).as("grpc/GET /health"),
        connected().headers(1, true, request("HEAD", "/health", "h")).as("grpc/HEAD /health"),
        connected()
            .headers(1, false, request("POST", "/v3/kv/range", "h"))
            .body(1, true, "{\"key\":\"YQ==\"}".getBytes())
            .as("grpc/JSON"),
        connected()
            .headers(
                1, false, request("POST", "/v3/kv/put", "h", "content-type", "application/json"))
            .body(1, true, new byte[60_000])
            .as("grpc/JSON of 60 kB"),
        connected()
            .headers(
                1,
                false,
                request(
                    "POST", "/v3/kv/put", "h", "content-type", "application/x-www-form-urlencoded"))
            .body(1, true, new byte[1_000_000])
            .as("grpc/JSON of 1 MB by prior knowledge"));
  }

  private static List<EdgeCase> large() {
    List<EdgeCase> cases = new ArrayList<>();
    cases.add(open(PATH).message(1, true, LARGE).as("grpc/an answer of 8 MB"));
    for (int size : new int[] {60_000, 1_500_000, 2_200_000, 4_000_000}) {
      byte[] put = ByteBuffer.allocate(size).put(new byte[] {0x0a, 1, 'x', 0x12}).array();
      writeVarint(put, 4, size - 4 - varintBytes(size));
      Http2Script script = open("/etcdserverpb.KV/Put");
      cases.add(script.message(1, true, put).as("grpc/a put of " + size + " bytes"));
    }
    Http2Script many = connected();
    for (int stream = 1; stream < 400; stream += 2) {
      many.headers(stream, false, request()).message(stream, true, RANGE);
    }
    cases.add(many.as("grpc/200 calls at once"));
    return cases;
  }

  private static int varintBytes(int value) {
    return value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
  }

  private static void writeVarint(byte[] out, int at, int value) {
    int bytes = varintBytes(value + 4);
    for (int i = 0; i < bytes; i++) {
      out[at + i] = (byte) (value >>> 7 * i & 0x7f | (i < bytes - 1 ? 0x80 : 0));
    }
  }

  private static byte[] compressed(byte[] message) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(message);
      }
      byte[] body = prefixed(bytes.toByteArray());
      body[0] = 1;
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
