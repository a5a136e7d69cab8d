package io.sampo.tests.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.sampo.tests.load.Frame;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One HTTP/2 connection of a client that writes its frames itself and may send what no library
 * would. It reads only while it waits for something.
 */
final class Http2Connection implements AutoCloseable {
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int LIMIT_MILLIS = 15_000;
  private static final int MESSAGE_HEAD_BYTES = 5;

  private final Http2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
  private final Map<Integer, Answer> answers = new HashMap<>();
  private final Socket socket;
  private final DataInputStream in;
  private boolean settled;

  private Http2Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** What has come on a stream so far. */
  static final class Answer {
    private final Map<String, String> headers = new TreeMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean ended;

    /** Of headers and trailers; empty if there was none. */
    String header(String name) {
      return headers.getOrDefault(name, "");
    }

    int bodyBytes() {
      return body.size();
    }
  }

  /** Has said nothing yet. */
  static Http2Connection silent(int port) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(LIMIT_MILLIS);
      return new Http2Connection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has said what is to be said first. */
  static Http2Connection open(int port) {
    return silent(port).raw(PREFACE).frame(Frame.SETTINGS, 0, 0);
  }

  Http2Connection raw(String text) {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Http2Connection write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Http2Connection frame(int type, int flags, int stream, byte... payload) {
    ByteBuffer out = ByteBuffer.allocate(Frame.HEADER_BYTES + payload.length);
    Frame.header(out, payload.length, type, flags, stream);
    return write(out.put(payload).array());
  }

  /** Opens a stream with these names and values; a long list goes into several frames. */
  Http2Connection headers(int stream, String... fields) {
    DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, block);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    int type = Frame.HEADERS;
    do {
      byte[] part = new byte[Math.min(block.readableBytes(), Frame.MAX_PAYLOAD)];
      block.readBytes(part);
      frame(type, block.isReadable() ? 0 : Frame.END_HEADERS, stream, part);
      type = Frame.CONTINUATION;
    } while (block.isReadable());
    return this;
  }

  /** Opens a stream for a gRPC call, with more names and values behind the usual ones. */
  Http2Connection call(int stream, String authority, String path, String... more) {
    String[] usual = {
      ":method",
      "POST",
      ":scheme",
      "http",
      ":path",
      path,
      ":authority",
      authority,
      "content-type",
      "application/grpc"
    };
    String[] all = java.util.Arrays.copyOf(usual, usual.length + more.length);
    System.arraycopy(more, 0, all, usual.length, more.length);
    return headers(stream, all);
  }

  /** A gRPC message that fits into a frame. */
  Http2Connection message(int stream, boolean last, byte[] message) {
    byte[] prefixed =
        ByteBuffer.allocate(MESSAGE_HEAD_BYTES + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    return frame(Frame.DATA, last ? Frame.END_STREAM : 0, stream, prefixed);
  }

  /** The answer on a stream, once the server has ended or reset it. */
  Answer end(int stream) {
    Answer answer = answer(stream);
    readUntil(() -> answer.ended);
    return answer;
  }

  /** Waits until so many octets of a body have come. */
  void awaitBody(int stream, int bytes) {
    Answer answer = answer(stream);
    readUntil(() -> answer.bodyBytes() >= bytes);
  }

  /** Waits for the server's SETTINGS. */
  void awaitSettings() {
    readUntil(() -> settled);
  }

  int bodyBytes(int stream) {
    return answer(stream).bodyBytes();
  }

  private Answer answer(int stream) {
    return answers.computeIfAbsent(stream, number -> new Answer());
  }

  private void readUntil(BooleanSupplier condition) {
    try {
      while (!condition.getAsBoolean()) {
        readFrame();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readFrame() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    Answer answer = answer(stream);
    switch (type) {
      case Frame.DATA -> answer.body.writeBytes(payload);
      case Frame.HEADERS -> decode(payload, answer);
      case Frame.RST_STREAM -> answer.ended = true;
      case Frame.SETTINGS -> settled = true;
      case Frame.GOAWAY ->
          throw new AssertionError(
              "GOAWAY %d %s"
                  .formatted(
                      ByteBuffer.wrap(payload).getInt(4),
                      new String(payload, 8, length - 8, StandardCharsets.UTF_8)));
      case Frame.PING -> {
        if ((flags & Frame.ACK) == 0) {
          frame(Frame.PING, Frame.ACK, 0, payload);
        }
      }
      default -> {
        // Nothing that these tests wait for.
      }
    }
    boolean mayEnd = type == Frame.DATA || type == Frame.HEADERS;
    answer.ended |= mayEnd && (flags & Frame.END_STREAM) != 0;
    if (type == Frame.SETTINGS && (flags & Frame.ACK) == 0) {
      frame(Frame.SETTINGS, Frame.ACK, 0);
    }
  }

  private void decode(byte[] block, Answer answer) {
    try {
      decoder
          .decodeHeaders(1, Unpooled.wrappedBuffer(block))
          .forEach(
              field -> answer.headers.put(field.getKey().toString(), field.getValue().toString()));
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The client leaves. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
