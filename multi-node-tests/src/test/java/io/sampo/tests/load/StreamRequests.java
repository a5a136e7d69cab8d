package io.sampo.tests.load;

import com.google.protobuf.ByteString;
import io.sampo.protocol.etcdserverpb.LeaseKeepAliveRequest;
import io.sampo.protocol.etcdserverpb.WatchCreateRequest;
import io.sampo.protocol.etcdserverpb.WatchRequest;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Messages of the methods whose requests are a stream: each is answered by one message. */
public final class StreamRequests implements RequestSource {

  /** The first of the leases that are renewed; all have an id of two bytes. */
  public static final int FIRST_LEASE = 1_000;

  private static final int GRPC_PREFIX = 5;

  private final String path;
  private final boolean streamStaysOpen;
  private final Function<Integer, byte[]> message;
  private final IntSupplier numbers;
  private final int messageBytes;

  private StreamRequests(
      String path,
      boolean streamStaysOpen,
      Function<Integer, byte[]> message,
      IntSupplier numbers) {
    this.path = path;
    this.streamStaysOpen = streamStaysOpen;
    this.message = message;
    this.numbers = numbers;
    this.messageBytes = GRPC_PREFIX + message.apply(0).length;
  }

  /**
   * Renewals of leases.
   *
   * @param leases numbers from 0, counted from {@link #FIRST_LEASE}
   * @param streamStaysOpen whether a client renews over one stream, as lessees do, or opens one for
   *     each renewal, as {@code lease keep-alive --once} does
   */
  public static StreamRequests keepAlives(IntSupplier leases, boolean streamStaysOpen) {
    return new StreamRequests(
        "/etcdserverpb.Lease/LeaseKeepAlive",
        streamStaysOpen,
        lease ->
            LeaseKeepAliveRequest.newBuilder().setID(FIRST_LEASE + lease).build().toByteArray(),
        leases);
  }

  /** Watches on one key each; the answer is the confirmation, and the watch stays. */
  public static StreamRequests watchCreates(IntSupplier keys) {
    return new StreamRequests(
        "/etcdserverpb.Watch/Watch",
        true,
        key ->
            WatchRequest.newBuilder()
                .setCreateRequest(
                    WatchCreateRequest.newBuilder().setKey(ByteString.copyFrom(KeySpace.key(key))))
                .build()
                .toByteArray(),
        keys);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public int messageBytes() {
    return messageBytes;
  }

  @Override
  public void next(ByteBuffer out) {
    byte[] body = message.apply(numbers.getAsInt());
    out.put((byte) 0).putInt(body.length).put(body);
  }

  @Override
  public int minimumAnswerBytes() {
    return GRPC_PREFIX + 4;
  }

  @Override
  public boolean streamStaysOpen() {
    return streamStaysOpen;
  }
}
