package io.sampo.tests.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One connection to one server; every call has a deadline, ten seconds if nothing else is said. */
public final class GrpcClient implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ManagedChannel connection;
  private final Channel channel;
  private final Duration limit;

  /** A client of a server without TLS; it connects with the first call. */
  public GrpcClient(String endpoint) {
    this(endpoint, LIMIT, new Metadata());
  }

  /**
   * @param limit the deadline of every call
   */
  public GrpcClient(String endpoint, Duration limit) {
    this(endpoint, limit, new Metadata());
  }

  private GrpcClient(String endpoint, Duration limit, Metadata headers) {
    this.limit = limit;
    connection =
        NettyChannelBuilder.forTarget(endpoint)
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    channel = connection;
  }

  private GrpcClient(GrpcClient client, Metadata headers) {
    limit = client.limit;
    connection = client.connection;
    channel =
        ClientInterceptors.intercept(
            connection, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** The same connection, with a header in each call. */
  public GrpcClient with(String header, String value) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
    return new GrpcClient(this, headers);
  }

  /** A client that wants to be refused by a member that knows no leader. */
  public static GrpcClient requiringLeader(String endpoint) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    return new GrpcClient(endpoint, LIMIT, headers);
  }

  /**
   * A unary call.
   *
   * @param path as in {@code /etcdserverpb.KV/Put}
   * @throws io.grpc.StatusRuntimeException with the server's status
   */
  public <A extends Message> A call(String path, Message request, A answer) {
    return parse(callRaw(path, request.toByteArray()), answer);
  }

  /** A unary call with any bytes as the message. */
  public byte[] callRaw(String path, byte[] message) {
    return ClientCalls.blockingUnaryCall(
        channel, method(path, MethodDescriptor.MethodType.UNARY), options(), message);
  }

  /**
   * A unary call that is not waited for; a failure is passed over.
   *
   * @param onAnswer called on a thread of the client
   */
  public <A extends Message> void callLater(
      String path, Message request, A answer, CallOptions options, Consumer<A> onAnswer) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(method(path, MethodDescriptor.MethodType.UNARY), options),
        request.toByteArray(),
        new StreamObserver<>() {
          @Override
          public void onNext(byte[] bytes) {
            onAnswer.accept(parse(bytes, answer));
          }

          @Override
          public void onError(Throwable failure) {}

          @Override
          public void onCompleted() {}
        });
  }

  /** A call with one request and many answers; returns when the server ends it. */
  public <A extends Message> List<A> callForMany(String path, Message request, A answer) {
    Iterator<byte[]> answers =
        ClientCalls.blockingServerStreamingCall(
            channel,
            method(path, MethodDescriptor.MethodType.SERVER_STREAMING),
            options(),
            request.toByteArray());
    List<A> all = new ArrayList<>();
    answers.forEachRemaining(bytes -> all.add(parse(bytes, answer)));
    return all;
  }

  /** Connects at the next call, however often that has failed. */
  public void reconnect() {
    connection.resetConnectBackoff();
  }

  /** Opens a stream in both directions. */
  public <A extends Message> GrpcStream<A> stream(String path, A answer) {
    return new GrpcStream<>(
        channel.newCall(
            method(path, MethodDescriptor.MethodType.BIDI_STREAMING), CallOptions.DEFAULT),
        bytes -> parse(bytes, answer));
  }

  private CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static MethodDescriptor<byte[], byte[]> method(
      String path, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setFullMethodName(path.substring(1))
        .setType(type)
        .setRequestMarshaller(Bytes.INSTANCE)
        .setResponseMarshaller(Bytes.INSTANCE)
        .build();
  }

  @SuppressWarnings("unchecked")
  private static <A extends Message> A parse(byte[] bytes, A answer) {
    try {
      return (A) answer.getParserForType().parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not a " + answer.getDescriptorForType().getFullName(), e);
    }
  }

  @Override
  public void close() {
    connection.shutdownNow();
    try {
      connection.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
