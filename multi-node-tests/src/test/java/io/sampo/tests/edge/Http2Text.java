package io.sampo.tests.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Frames as text, the connection's and each stream's apart. Left out is what a server may choose:
 * window updates, pings of its own, the values of settings, how a body is cut into frames.
 */
final class Http2Text {

  private static final String[] CODES = {
    "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
    "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
    "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"
  };

  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 24);
  private final StringBuilder connection = new StringBuilder();
  private final Map<Integer, StringBuilder> streams = new TreeMap<>();
  private final Map<Integer, ByteArrayOutputStream> bodies = new TreeMap<>();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final boolean exact;
  private int blockFlags;
  private boolean grpc = true;

  private Http2Text(boolean exact) {
    this.exact = exact;
  }

  /**
   * Fields that a client of gRPC does not see: an empty text and none are the same to it. Over TLS
   * etcd's HTTP/2 is Go's web server, which announces trailers and adds what browsers ask for.
   */
  private static final Pattern UNSEEN =
      Pattern.compile("grpc-message=|trailer=.*|access-control-allow-.*");

  /**
   * The answers of a server whose order of fields is its own choice: fields by name, trailers
   * behind no body in one list with the headers, no text in GOAWAY, and no reset of a stream whose
   * connection ended by an error.
   */
  static String renderLoosely(byte[] bytes) {
    String text = render(bytes, false).replace("]; HEADERS [", ", ");
    boolean failed = text.contains("GOAWAY ") && !text.contains(" NO_ERROR");
    return failed ? text.replaceAll("stream [0-9]+; RST_STREAM [A-Z_]+\n", "") : text;
  }

  static String render(byte[] bytes) {
    return render(bytes, true);
  }

  private static String render(byte[] bytes, boolean exact) {
    if (new String(bytes, 0, Math.min(5, bytes.length), StandardCharsets.ISO_8859_1)
        .equals("HTTP/")) {
      return Http1Text.render(bytes, false);
    }
    Http2Text text = new Http2Text(exact);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    while (in.remaining() >= Http2Script.HEADER_BYTES) {
      int length = in.getInt(in.position()) >>> 8;
      if (in.remaining() < Http2Script.HEADER_BYTES + length) {
        break;
      }
      in.position(in.position() + 3);
      int type = in.get();
      int flags = in.get();
      int stream = in.getInt() & Integer.MAX_VALUE;
      ByteBuffer payload = in.slice(in.position(), length);
      in.position(in.position() + length);
      text.frame(type, flags, stream, payload);
    }
    if (in.hasRemaining()) {
      text.connection.append(in.remaining()).append(" bytes of a cut frame\n");
    }
    return text.all();
  }

  private String all() {
    bodies.keySet().stream().toList().forEach(stream -> flush(stream, " (no end)"));
    StringBuilder all = new StringBuilder(connection);
    streams.forEach(
        (stream, text) -> all.append("stream ").append(stream).append(text).append('\n'));
    return all.toString();
  }

  private void frame(int type, int flags, int stream, ByteBuffer payload) {
    switch (type) {
      case Http2Script.DATA -> {
        byte[] data = new byte[payload.remaining()];
        payload.get(data);
        bodies.computeIfAbsent(stream, key -> new ByteArrayOutputStream()).writeBytes(data);
        if ((flags & Http2Script.END_STREAM) != 0) {
          flush(stream, " END_STREAM");
        }
      }
      case Http2Script.HEADERS -> {
        blockFlags = flags;
        block(stream, flags, payload);
      }
      case Http2Script.CONTINUATION -> block(stream, flags, payload);
      case Http2Script.RST_STREAM -> {
        flush(stream, "");
        if (stream(stream).indexOf("; RST_STREAM ") < 0) {
          // Further ones answer frames that were on their way.
          stream(stream).append("; RST_STREAM ").append(code(payload.getInt()));
        }
      }
      case Http2Script.GOAWAY -> goAway(payload);
      case Http2Script.PING -> {
        if ((flags & Http2Script.ACK) != 0) {
          connection.append("PING ACK ").append(Long.toHexString(payload.getLong())).append('\n');
        }
      }
      case Http2Script.SETTINGS -> {
        if ((flags & Http2Script.ACK) == 0 && connection.isEmpty()) {
          connection.append("SETTINGS\n");
        } else if ((flags & Http2Script.ACK) != 0) {
          connection.append("SETTINGS ACK\n");
        }
      }
      case Http2Script.WINDOW_UPDATE -> {
        // How large windows are is the server's choice.
      }
      default -> connection.append("frame of type ").append(type).append('\n');
    }
  }

  private StringBuilder stream(int stream) {
    return streams.computeIfAbsent(stream, key -> new StringBuilder());
  }

  private void flush(int stream, String ending) {
    ByteArrayOutputStream body = bodies.remove(stream);
    if (body == null) {
      return;
    }
    String text =
        grpc
            ? Masks.messages(body.toByteArray())
            : " " + Masks.body(body.toString(StandardCharsets.ISO_8859_1)).strip();
    String length = "content-length=" + body.size();
    int at = stream(stream).indexOf(length);
    if (at >= 0) {
      // Bodies that hold ids, or blanks as Go's JSON writer likes them, are of no two servers'
      // same.
      stream(stream).replace(at, at + length.length(), "content-length=as it is");
    }
    stream(stream).append("; DATA").append(text).append(ending);
  }

  private void block(int stream, int flags, ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    block.writeBytes(bytes);
    if ((flags & Http2Script.END_HEADERS) == 0) {
      return;
    }
    flush(stream, "");
    stream(stream).append("; HEADERS ").append(fields(block.toByteArray()));
    if ((blockFlags & Http2Script.END_STREAM) != 0) {
      stream(stream).append(" END_STREAM");
    }
    block.reset();
  }

  private String fields(byte[] bytes) {
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    try {
      Http2Headers headers = decoder.decodeHeaders(1, buffer);
      CharSequence type = headers.get("content-type");
      grpc = type == null ? grpc : type.toString().startsWith("application/grpc");
      Stream<String> fields =
          StreamSupport.stream(headers.spliterator(), false)
              .filter(field -> !"date".contentEquals(field.getKey()))
              .map(field -> field.getKey() + "=" + Masks.body(field.getValue().toString()))
              .map(Masks::header)
              .filter(Masks.OF_ITSELF.asMatchPredicate().negate())
              .filter(field -> !grpc || !UNSEEN.matcher(field).matches());
      return (exact ? fields : fields.sorted()).collect(Collectors.joining(", ", "[", "]"));
    } catch (Http2Exception e) {
      return "undecodable: " + e.getMessage();
    }
  }

  private void goAway(ByteBuffer payload) {
    int last = payload.getInt();
    String code = code(payload.getInt());
    byte[] debug = new byte[payload.remaining()];
    payload.get(debug);
    String text = new String(debug, StandardCharsets.ISO_8859_1);
    connection.append("GOAWAY ").append(last).append(' ').append(code);
    connection.append(text.isEmpty() || !exact ? "" : " \"" + Masks.body(text) + "\"").append('\n');
  }

  private static String code(int code) {
    return code >= 0 && code < CODES.length ? CODES[code] : Integer.toString(code);
  }
}
