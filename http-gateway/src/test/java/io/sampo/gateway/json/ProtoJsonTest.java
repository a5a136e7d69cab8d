package io.sampo.gateway.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.ResponseHeader;
import io.sampo.protocol.etcdserverpb.WatchResponse;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

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

  @Test
  void messagesNestOnlySoDeep() {
    String open = "{\"success\":[{\"request_txn\":".repeat(60);
    String close = "}]}".repeat(60);
    byte[] json = (open + "{}" + close).getBytes(UTF_8);
    assertEquals(
        "proto: exceeded max recursion depth",
        assertThrows(
                JsonSyntaxException.class,
                () ->
                    ProtoJsonReader.read(
                        json, io.sampo.protocol.etcdserverpb.TxnRequest.getDefaultInstance()))
            .getMessage());
  }
}
