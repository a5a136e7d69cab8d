package io.sampo.gateway.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import io.sampo.protocol.nesting.NestedMessages;
import java.util.concurrent.FutureTask;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoJsonTest {
  @Property
  void whatIsWrittenIsReadBack(
      @ForAll byte[] key,
      @ForAll long limit,
      @ForAll int order,
      @ForAll boolean serializable,
      @ForAll boolean escapeHtml)
      throws JsonSyntaxException {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(ByteString.copyFrom(key))
            .setLimit(limit)
            .setSortOrderValue(order)
            .setSerializable(serializable)
            .build();
    byte[] json = new ProtoJsonWriter(escapeHtml).message(request).toByteArray();
    assertEquals(request, ProtoJsonReader.read(json, RangeRequest.getDefaultInstance()));
  }

  @Property
  void textIsReadBack(@ForAll String text, @ForAll long id, @ForAll boolean escapeHtml)
      throws JsonSyntaxException {
    // A lone surrogate is not text: protobuf would refuse to send it.
    String valid = new String(text.getBytes(UTF_8), UTF_8);
    WatchResponse response =
        WatchResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder().setMemberId(id))
            .setCancelReason(valid)
            .build();
    byte[] json = new ProtoJsonWriter(escapeHtml).message(response).toByteArray();
    assertEquals(response, ProtoJsonReader.read(json, WatchResponse.getDefaultInstance()));
  }

  @Test
  void onlyStreamsEscapeHtml() {
    WatchResponse response = WatchResponse.newBuilder().setCancelReason("<&>\u2028\u0001").build();
    assertEquals(
        "{\"cancel_reason\":\"<&>\u2028\\u0001\"}",
        new String(new ProtoJsonWriter(false).message(response).toByteArray(), UTF_8));
    assertEquals(
        "{\"cancel_reason\":\"\\u003c\\u0026\\u003e\\u2028\\u0001\"}",
        new String(new ProtoJsonWriter(true).message(response).toByteArray(), UTF_8));
  }

  private static byte[] nested(int depth) {
    String open = "{\"success\":[{\"request_txn\":".repeat(depth);
    return (open + "{}" + "}]}".repeat(depth)).getBytes(UTF_8);
  }

  /** 3,333 are as many as the scanner lets through. */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 3_333})
  void messagesNestAsDeepAsInEtcd(int depth) throws Exception {
    FutureTask<byte[]> again =
        new FutureTask<>(
            () -> {
              Message txn = ProtoJsonReader.read(nested(depth), TxnRequest.getDefaultInstance());
              return new ProtoJsonWriter(false).message(txn).toByteArray();
            });
    new Thread(null, again, "deep", NestedMessages.STACK_BYTES).start();
    assertArrayEquals(nested(depth), again.get());
  }

  @Test
  void aMillionObjectsAreTooMany() {
    byte[] json = ("{\"success\":[" + "{},".repeat(1_000_000) + "{}]}").getBytes(UTF_8);
    assertEquals(
        "etcdserver: too many operations in txn request",
        assertThrows(
                JsonSyntaxException.class,
                () -> ProtoJsonReader.read(json, TxnRequest.getDefaultInstance()))
            .getMessage());
  }
}
