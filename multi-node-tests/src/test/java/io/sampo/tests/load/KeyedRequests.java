package io.sampo.tests.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.sampo.protocol.etcdserverpb.PutRequest;
import io.sampo.protocol.etcdserverpb.RangeRequest;
import io.sampo.protocol.etcdserverpb.RequestOp;
import io.sampo.protocol.etcdserverpb.TxnRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Requests that differ only in the numbers of their keys: encoded once, then only the digits are
 * written.
 */
public final class KeyedRequests implements RequestSource {

  private static final int GRPC_PREFIX = 5;

  private final String path;
  private final byte[] message;
  private final List<Integer> digitEnds;
  private final IntSupplier keys;
  private final int minimumAnswerBytes;

  private KeyedRequests(
      String path, MessageLite request, IntSupplier keys, int minimumAnswerBytes) {
    this.path = path;
    this.message = grpcMessage(request.toByteArray());
    this.digitEnds = findKeys(message);
    this.keys = keys;
    this.minimumAnswerBytes = minimumAnswerBytes;
  }

  /** Puts of values of that size. */
  public static KeyedRequests puts(IntSupplier keys, int valueBytes) {
    return new KeyedRequests("/etcdserverpb.KV/Put", put(valueBytes), keys, GRPC_PREFIX + 4);
  }

  /** Linearizable gets of one key each, which must exist. */
  public static KeyedRequests gets(IntSupplier keys, int valueBytes) {
    RangeRequest request = RangeRequest.newBuilder().setKey(placeholder()).build();
    return new KeyedRequests("/etcdserverpb.KV/Range", request, keys, valueBytes);
  }

  /** Linearizable lists of {@code limit} keys from a key on. */
  public static KeyedRequests lists(IntSupplier keys, int limit, int valueBytes) {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(placeholder())
            .setRangeEnd(bytes(KeySpace.end()))
            .setLimit(limit)
            .build();
    return new KeyedRequests("/etcdserverpb.KV/Range", request, keys, limit * valueBytes);
  }

  /** Transactions of {@code puts} puts each. */
  public static KeyedRequests batches(IntSupplier keys, int puts, int valueBytes) {
    TxnRequest.Builder request = TxnRequest.newBuilder();
    for (int i = 0; i < puts; i++) {
      request.addSuccess(RequestOp.newBuilder().setRequestPut(put(valueBytes)));
    }
    return new KeyedRequests("/etcdserverpb.KV/Txn", request.build(), keys, GRPC_PREFIX + 4);
  }

  private static PutRequest put(int valueBytes) {
    return PutRequest.newBuilder().setKey(placeholder()).setValue(value(valueBytes)).build();
  }

  private static ByteString value(int size) {
    byte[] value = new byte[size];
    for (int i = 0; i < size; i++) {
      value[i] = (byte) (i * 31 + 7);
    }
    return bytes(value);
  }

  private static ByteString placeholder() {
    return bytes(KeySpace.key(0));
  }

  private static ByteString bytes(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private static byte[] grpcMessage(byte[] body) {
    return ByteBuffer.allocate(GRPC_PREFIX + body.length)
        .put((byte) 0)
        .putInt(body.length)
        .put(body)
        .array();
  }

  private static List<Integer> findKeys(byte[] message) {
    byte[] pattern = KeySpace.key(0);
    List<Integer> ends = new ArrayList<>();
    for (int at = 0; at + pattern.length <= message.length; at++) {
      if (java.util.Arrays.equals(message, at, at + pattern.length, pattern, 0, pattern.length)) {
        ends.add(at + pattern.length);
      }
    }
    return List.copyOf(ends);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public int messageBytes() {
    return message.length;
  }

  @Override
  public void next(ByteBuffer out) {
    for (int end : digitEnds) {
      KeySpace.writeDigits(message, end, keys.getAsInt());
    }
    out.put(message);
  }

  @Override
  public int minimumAnswerBytes() {
    return minimumAnswerBytes;
  }
}
