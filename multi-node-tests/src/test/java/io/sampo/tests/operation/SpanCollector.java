package io.sampo.tests.operation;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector of OTLP over gRPC, on a free port of the loopback. It reads what tests look at. */
final class SpanCollector implements AutoCloseable {
  private static final String EXPORT = "opentelemetry.proto.collector.trace.v1.TraceService/Export";

  private final List<CollectedSpan> spans = new CopyOnWriteArrayList<>();
  private final Server server;

  /**
   * @param resource the attributes of who has sent it
   * @param parent empty for none
   */
  record CollectedSpan(
      Map<String, String> resource,
      String scope,
      String traceId,
      String id,
      String parent,
      String name,
      Map<String, String> attributes,
      List<String> events) {}

  SpanCollector() {
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .fallbackHandlerRegistry(new Export())
              .directExecutor()
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  Optional<CollectedSpan> span(String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst();
  }

  List<CollectedSpan> spans() {
    return List.copyOf(spans);
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Export extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
      return name.equals(EXPORT)
          ? ServerMethodDefinition.create(
              MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                  .setType(MethodDescriptor.MethodType.UNARY)
                  .setFullMethodName(name)
                  .build(),
              ServerCalls.asyncUnaryCall(
                  (request, answer) -> {
                    read(request);
                    answer.onNext(new byte[0]);
                    answer.onCompleted();
                  }))
          : null;
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void read(byte[] request) {
    try {
      for (UnknownFieldSet node : messages(UnknownFieldSet.parseFrom(request), 1)) {
        Map<String, String> resource = attributes(messages(node, 1).get(0), 1);
        for (UnknownFieldSet scoped : messages(node, 2)) {
          String scope = text(messages(scoped, 1).get(0), 1);
          for (UnknownFieldSet span : messages(scoped, 2)) {
            spans.add(
                new CollectedSpan(
                    resource,
                    scope,
                    hex(span, 1),
                    hex(span, 2),
                    hex(span, 4),
                    text(span, 5),
                    attributes(span, 9),
                    messages(span, 11).stream().map(event -> text(event, 2)).toList()));
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) {
    return in.getField(field).getLengthDelimitedList().stream()
        .map(
            bytes -> {
              try {
                return UnknownFieldSet.parseFrom(bytes);
              } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static String text(UnknownFieldSet in, int field) {
    var texts = in.getField(field).getLengthDelimitedList();
    return texts.isEmpty() ? "" : texts.get(0).toStringUtf8();
  }

  private static String hex(UnknownFieldSet in, int field) {
    var bytes = in.getField(field).getLengthDelimitedList();
    return bytes.isEmpty() ? "" : HexFormat.of().formatHex(bytes.get(0).toByteArray());
  }

  /** Texts as they are, numbers and truths as numbers. */
  private static Map<String, String> attributes(UnknownFieldSet in, int field) {
    Map<String, String> attributes = new TreeMap<>();
    for (UnknownFieldSet pair : messages(in, field)) {
      UnknownFieldSet value = messages(pair, 2).get(0);
      attributes.put(
          text(pair, 1),
          value.hasField(1)
              ? text(value, 1)
              : value.getField(value.hasField(2) ? 2 : 3).getVarintList().get(0).toString());
    }
    return attributes;
  }
}
