package io.sampo.tests.grpc;

import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One open stream; answers wait until they are taken. */
public final class GrpcStream<A extends Message> implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final ClientCall<byte[], byte[]> call;
  private final Function<byte[], A> parser;
  private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();

  GrpcStream(ClientCall<byte[], byte[]> call, Function<byte[], A> parser) {
    this.call = call;
    this.parser = parser;
    call.start(new Listener(), new Metadata());
    call.request(1);
  }

  private final class Listener extends ClientCall.Listener<byte[]> {
    @Override
    public void onMessage(byte[] message) {
      arrived.add(parser.apply(message));
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      arrived.add(status);
    }
  }

  /** Sends a message. */
  public void send(Message message) {
    call.sendMessage(message.toByteArray());
  }

  /** Sends bytes as a message. */
  public void sendRaw(byte[] message) {
    call.sendMessage(message);
  }

  /** Tells the server that no more messages will come. */
  public void halfClose() {
    call.halfClose();
  }

  /** The next answer, waited for. */
  @SuppressWarnings("unchecked")
  public A next() {
    Object next = take(LIMIT);
    if (next == null || next instanceof Status) {
      throw new AssertionError("no further answer: " + (next == null ? "nothing came" : next));
    }
    return (A) next;
  }

  /** The next answer, or the end as a Status; empty if nothing comes within the time. */
  public Optional<Object> poll(Duration limit) {
    return Optional.ofNullable(take(limit));
  }

  /** The status that ends the stream, waited for; answers before it are dropped. */
  public Status end() {
    Object next = take(LIMIT);
    while (next != null && !(next instanceof Status)) {
      next = take(LIMIT);
    }
    if (next == null) {
      throw new AssertionError("the stream did not end");
    }
    return (Status) next;
  }

  /** Everything that comes until nothing came for so long: answers, and the end as a Status. */
  public List<Object> drain(Duration quiet) {
    List<Object> all = new ArrayList<>();
    for (Object next = take(quiet); next != null; next = take(quiet)) {
      all.add(next);
    }
    return all;
  }

  private Object take(Duration limit) {
    try {
      return arrived.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    call.cancel("closed by the test", null);
  }
}
