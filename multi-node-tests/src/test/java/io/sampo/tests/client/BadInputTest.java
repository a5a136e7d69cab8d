package io.sampo.tests.client;

import static io.sampo.tests.grpc.Etcd.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sampo.protocol.etcdserverpb.CompactionRequest;
import io.sampo.protocol.etcdserverpb.Compare;
import io.sampo.protocol.etcdserverpb.DeleteRangeRequest;
import io.sampo.protocol.etcdserverpb.HashKVRequest;
import io.sampo.protocol.etcdserverpb.LeaseGrantRequest;
import io.sampo.protocol.etcdserverpb.LeaseRevokeRequest;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.tests.grpc.Etcd;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.SharedServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad requests get etcd's status and text, and change nothing. */
class BadInputTest {

  private static final String KV = "/etcdserverpb.KV/";
  private static final String LEASE = "/etcdserverpb.Lease/";

  private static final Status.Code INVALID = Status.Code.INVALID_ARGUMENT;
  private static final Status.Code OUT_OF_RANGE = Status.Code.OUT_OF_RANGE;

  private static final String NO_KEY = "etcdserver: key is not provided";
  private static final String DUPLICATE = "etcdserver: duplicate key given in txn request";
  private static final String FUTURE = "etcdserver: mvcc: required revision is a future revision";
  private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";

  @RegisterExtension static final SharedServer SHARED = SharedServer.withFlags();

  private static GrpcClient client;
  private static Etcd etcd;

  @BeforeAll
  static void connect() {
    client = new GrpcClient(SHARED.server().endpoint());
    etcd = new Etcd(client);
    etcd.put(put("exists", "1"));
    etcd.compact(CompactionRequest.newBuilder().setRevision(1));
    etcd.grant(99, 1_000);
  }

  @AfterAll
  static void disconnect() {
    if (client != null) {
      client.close();
    }
  }

  private static PutRequest.Builder put(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
  }

  private static RangeRequest.Builder range(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key));
  }

  private static RequestOp putOp(String key) {
    return RequestOp.newBuilder().setRequestPut(put(key, "v")).build();
  }

  private static RequestOp deleteOp(String key, String end) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)))
        .build();
  }

  private static TxnRequest.Builder puts(int count) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      txn.addSuccess(putOp("many/" + i));
    }
    return txn;
  }

  private static Arguments bad(
      String method, Message.Builder request, Status.Code code, String text) {
    return Arguments.of(method, request.build(), code, text);
  }

  static Stream<Arguments> badRanges() {
    return Stream.of(
        bad(KV + "Range", RangeRequest.newBuilder(), INVALID, NO_KEY),
        bad(KV + "Range", range("a").setRevision(1_000_000), OUT_OF_RANGE, FUTURE),
        bad(
            KV + "Range",
            range("a").setSortOrderValue(9),
            INVALID,
            "etcdserver: invalid sort option"),
        bad(
            KV + "Range",
            range("a").setSortTargetValue(9),
            INVALID,
            "etcdserver: invalid sort option"));
  }

  static Stream<Arguments> badWrites() {
    return Stream.of(
        bad(KV + "Put", put("", "v"), INVALID, NO_KEY),
        bad(
            KV + "Put",
            put("exists", "v").setIgnoreValue(true),
            INVALID,
            "etcdserver: value is provided"),
        bad(
            KV + "Put",
            put("exists", "v").setIgnoreLease(true).setLease(5),
            INVALID,
            "etcdserver: lease is provided"),
        bad(
            KV + "Put",
            put("missing", "").setIgnoreValue(true),
            INVALID,
            "etcdserver: key not found"),
        bad(
            KV + "Put",
            put("missing", "v").setIgnoreLease(true),
            INVALID,
            "etcdserver: key not found"),
        bad(
            KV + "Put",
            put("exists", "v").setLease(12345),
            Status.Code.NOT_FOUND,
            "etcdserver: requested lease not found"),
        bad(
            KV + "Put",
            put("exists", "").setValue(ByteString.copyFrom(new byte[1_572_864])),
            INVALID,
            "etcdserver: request is too large"),
        bad(KV + "DeleteRange", DeleteRangeRequest.newBuilder(), INVALID, NO_KEY));
  }

  static Stream<Arguments> badTransactions() {
    return Stream.of(
        bad(KV + "Txn", puts(129), INVALID, "etcdserver: too many operations in txn request"),
        bad(
            KV + "Txn",
            TxnRequest.newBuilder().addSuccess(putOp("d")).addSuccess(putOp("d")),
            INVALID,
            DUPLICATE),
        bad(
            KV + "Txn",
            TxnRequest.newBuilder().addSuccess(putOp("d")).addSuccess(deleteOp("c", "e")),
            INVALID,
            DUPLICATE),
        bad(
            KV + "Txn",
            TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder()),
            INVALID,
            "etcdserver: key not found"),
        bad(KV + "Txn", TxnRequest.newBuilder().addCompare(Compare.newBuilder()), INVALID, NO_KEY),
        bad(
            KV + "Txn",
            TxnRequest.newBuilder()
                .addSuccess(putOp("never"))
                .addSuccess(
                    RequestOp.newBuilder().setRequestRange(range("a").setRevision(1_000_000))),
            OUT_OF_RANGE,
            FUTURE),
        bad(
            KV + "Txn",
            TxnRequest.newBuilder()
                .addSuccess(putOp("never"))
                .addSuccess(RequestOp.newBuilder().setRequestPut(put("a", "b").setLease(12345))),
            Status.Code.NOT_FOUND,
            "etcdserver: requested lease not found"));
  }

  static Stream<Arguments> badRevisions() {
    return Stream.of(
        bad(KV + "Compact", CompactionRequest.newBuilder().setRevision(1), OUT_OF_RANGE, COMPACTED),
        bad(KV + "Compact", CompactionRequest.newBuilder(), OUT_OF_RANGE, COMPACTED),
        bad(
            KV + "Compact",
            CompactionRequest.newBuilder().setRevision(1_000_000),
            OUT_OF_RANGE,
            FUTURE),
        bad(
            "/etcdserverpb.Maintenance/HashKV",
            HashKVRequest.newBuilder().setRevision(1_000_000),
            OUT_OF_RANGE,
            FUTURE));
  }

  static Stream<Arguments> badLeases() {
    return Stream.of(
        bad(
            LEASE + "LeaseGrant",
            LeaseGrantRequest.newBuilder().setTTL(10).setID(99),
            Status.Code.FAILED_PRECONDITION,
            "etcdserver: lease already exists"),
        bad(
            LEASE + "LeaseGrant",
            LeaseGrantRequest.newBuilder().setTTL(9_000_000_001L),
            OUT_OF_RANGE,
            "etcdserver: too large lease TTL"),
        bad(
            LEASE + "LeaseRevoke",
            LeaseRevokeRequest.newBuilder().setID(12345),
            Status.Code.NOT_FOUND,
            "etcdserver: requested lease not found"));
  }

  @ParameterizedTest
  @MethodSource({"badRanges", "badWrites", "badTransactions", "badRevisions", "badLeases"})
  void statusAndTextAreEtcds(String method, Message request, Status.Code code, String text) {
    long before = etcd.range(range("exists")).getHeader().getRevision();
    assertRefused(method, request.toByteArray(), code, text);
    assertEquals(before, etcd.range(range("exists")).getHeader().getRevision());
    assertEquals(0, etcd.range(range("never")).getCount());
  }

  @Test
  void bytesThatAreNoMessage() {
    byte[] garbage = {(byte) 0xff, (byte) 0xff, 1};
    assertRefused(
        KV + "Put",
        garbage,
        Status.Code.INTERNAL,
        "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data");
  }

  @Test
  void methodsThatDoNotExist() {
    assertRefused(
        KV + "Nope",
        new byte[0],
        Status.Code.UNIMPLEMENTED,
        "unknown method Nope for service etcdserverpb.KV");
    assertRefused(
        "/no.Service/Nope", new byte[0], Status.Code.UNIMPLEMENTED, "unknown service no.Service");
  }

  @Test
  void aMessageOverTheTransportsLimit() {
    byte[] message =
        put("exists", "").setValue(ByteString.copyFrom(new byte[2_100_000])).build().toByteArray();
    assertRefused(
        KV + "Put",
        message,
        Status.Code.RESOURCE_EXHAUSTED,
        "grpc: received message larger than max (" + message.length + " vs. 2097152)");
  }

  private static void assertRefused(String method, byte[] request, Status.Code code, String text) {
    StatusRuntimeException error =
        assertThrows(StatusRuntimeException.class, () -> client.callRaw(method, request));
    assertEquals(code, error.getStatus().getCode(), error::toString);
    assertEquals(text, error.getStatus().getDescription());
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v3/kv/range, '{', 400, 3",
    "POST, /v3/kv/range, 'null', 400, 3",
    "POST, /v3/kv/range, '[]', 400, 3",
    "POST, /v3/kv/range, '{\"key\":5}', 400, 3",
    "POST, /v3/kv/range, '{\"key\":\"*\"}', 400, 3",
    "POST, /v3/kv/range, '{\"limit\":\"x\"}', 400, 3",
    "POST, /v3/kv/range, '{}', 400, 3",
    "POST, /v3/kv/range, '', 400, 3",
    "POST, /v3/kv/range, '{\"key\":\"YQ==\",\"revision\":\"1000000\"}', 400, 11",
    "POST, /v3/lease/revoke, '{\"ID\":\"12345\"}', 404, 5",
    "POST, /v3/nope, '{}', 404, 5",
    "GET, /v3/kv/range, '', 501, 12",
    "PUT, /v3/kv/range, '{}', 501, 12",
  })
  void jsonErrorsAreObjects(String method, String path, String body, int status, int code) {
    Http.Answer answer = Http.send(method, SHARED.server().url() + path, body);
    assertEquals(status, answer.status(), answer::body);
    var json = com.google.gson.JsonParser.parseString(answer.body()).getAsJsonObject();
    assertEquals(code, json.get("code").getAsInt());
    assertTrue(json.has("message"));
  }

  @ParameterizedTest
  @CsvSource({"POST, /health", "PUT, /version", "POST, /livez", "POST, /readyz"})
  void pagesAreOnlyRead(String method, String path) {
    assertEquals(405, Http.send(method, SHARED.server().url() + path, "").status());
  }
}
