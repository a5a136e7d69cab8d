package io.sampo.node.edge.http2;

import io.sampo.node.edge.AnswerMemory;
import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.Frame;
import io.sampo.node.edge.http2.frame.FrameReader;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** The other end of a connection, frame by frame; what comes is read as lines of text. */
public final class RawClient {
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private static final ByteString CLOSED = ByteString.fromString("closed");

  private final LinkedBlockingQueue<ByteString> received = new LinkedBlockingQueue<>();

  /** Where the connection seems to come from. */
  public static final InetSocketAddress REMOTE =
      InetSocketAddress.createUnresolved("192.0.2.1", 4711);

  private final BoundedSourceQueue<ByteString> toServer;
  private final HPackEncoder encoder = new HPackEncoder(4096, StandardCharsets.US_ASCII);
  private final HPackDecoder decoder = new HPackDecoder(4096, StandardCharsets.US_ASCII);
  private ByteString unread = ByteString.emptyByteString();

  /** Also reads what comes before any request, and says nothing of it. */
  public static RawClient connected(
      ActorSystem<?> system, Http2Settings settings, RequestHandler handler) {
    return connected(system, settings, handler, AnswerMemory.unbounded());
  }

  /** With so much room for what it does not read. */
  public static RawClient connected(
      ActorSystem<?> system, Http2Settings settings, RequestHandler handler, AnswerMemory memory) {
    RawClient client =
        new RawClient(system, settings, handler, new ConnectionDrain(), memory, () -> 1_000_000L);
    client.send(FrameReader.PREFACE, frame(Frame.SETTINGS, 0, 0));
    client.frames();
    return client;
  }

  public static Http2Settings settings(boolean strict) {
    return new Http2Settings(100, strict, new Http2Settings.KeepAliveSettings(0, 0, 0));
  }

  RawClient(
      ActorSystem<?> system,
      Http2Settings settings,
      RequestHandler handler,
      ConnectionDrain drain,
      LongSupplier clock) {
    this(system, settings, handler, drain, AnswerMemory.unbounded(), clock);
  }

  RawClient(
      ActorSystem<?> system,
      Http2Settings settings,
      RequestHandler handler,
      ConnectionDrain drain,
      AnswerMemory memory,
      LongSupplier clock) {
    toServer =
        Source.<ByteString>queue(1 << 16)
            .via(new Http2Connection(settings, handler, drain, REMOTE, memory, clock))
            .toMat(
                Sink.foreach(received::add)
                    .mapMaterializedValue(
                        done -> {
                          done.whenComplete((ok, failure) -> received.add(CLOSED));
                          return done;
                        }),
                Keep.left())
            .run(system);
  }

  public void send(byte[]... pieces) {
    for (byte[] piece : pieces) {
      toServer.offer(ByteString.fromArray(piece));
    }
  }

  void end() {
    toServer.complete();
  }

  static byte[] frame(int type, int flags, int id, int... payload) {
    byte[] bytes = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      bytes[i] = (byte) payload[i];
    }
    return frame(type, flags, id, bytes);
  }

  public static byte[] frame(int type, int flags, int id, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .put((byte) (payload.length >>> 16))
        .putShort((short) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(id)
        .put(payload)
        .array();
  }

  byte[] block(String... fields) {
    ByteArrayBuffer block = new ByteArrayBuffer(64);
    try {
      for (int i = 0; i < fields.length; i += 2) {
        encoder.encodeHeader(block, fields[i], fields[i + 1], false);
      }
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new IllegalStateException(e);
    }
    return block.toByteArray();
  }

  public byte[] headers(int id, boolean end, String... fields) {
    int flags = Frame.END_HEADERS | (end ? Frame.END_STREAM : 0);
    return frame(Frame.HEADERS, flags, id, block(fields));
  }

  /** A whole request without a body. */
  byte[] get(int id, String path) {
    return headers(id, true, ":method", "GET", ":scheme", "http", ":path", path);
  }

  /** A request whose body follows. */
  byte[] post(int id, String path) {
    return headers(id, false, ":method", "POST", ":scheme", "http", ":path", path);
  }

  public static byte[] data(int id, boolean end, byte[] bytes) {
    return frame(Frame.DATA, end ? Frame.END_STREAM : 0, id, bytes);
  }

  /** What has come when a ping is answered, or the connection has closed. */
  public List<String> frames() {
    send(frame(Frame.PING, 0, 0, 'f', 'e', 'n', 'c', 'e', 0, 0, 0));
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = next();
      if (line.startsWith("PING ack fence")) {
        return lines;
      }
      lines.add(line);
      if (line.equals("closed")) {
        return lines;
      }
    }
  }

  /** Frames up to the one that begins so. */
  public List<String> until(String begin) {
    List<String> lines = new ArrayList<>();
    do {
      lines.add(next());
    } while (!lines.get(lines.size() - 1).startsWith(begin));
    return lines;
  }

  /** The next frame. */
  String next() {
    while (!hasFrame()) {
      ByteString more;
      try {
        more = received.poll(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (more == null) {
        throw new AssertionError("nothing came");
      }
      if (more == CLOSED) {
        return "closed";
      }
      unread = unread.concat(more);
    }
    byte[] bytes = unread.take(9 + length()).toArray();
    unread = unread.drop(bytes.length);
    return text(bytes);
  }

  private int length() {
    return (unread.apply(0) & 0xff) << 16 | (unread.apply(1) & 0xff) << 8 | unread.apply(2) & 0xff;
  }

  private boolean hasFrame() {
    return unread.size() >= 9 && unread.size() >= 9 + length();
  }

  /** The bytes of all DATA frames that were looked at since the last call. */
  public byte[] takeData() {
    byte[] taken = data.toByteArray();
    data.reset();
    return taken;
  }

  private String text(byte[] frame) {
    int flags = frame[4];
    int id = Frame.int32(frame, 5);
    boolean end = (flags & 1) != 0;
    if (frame[3] == Frame.DATA) {
      data.write(frame, 9, frame.length - 9);
    }
    String ascii = new String(frame, 9, frame.length - 9, StandardCharsets.ISO_8859_1);
    return switch (frame[3]) {
      case Frame.DATA ->
          "DATA " + id + " " + (ascii.length() > 40 ? ascii.length() : ascii) + (end ? " end" : "");
      case Frame.HEADERS -> "HEADERS " + id + " " + fields(frame) + (end ? " end" : "");
      case Frame.RST_STREAM -> "RST_STREAM " + id + " " + name(Frame.int32(frame, 9));
      case Frame.SETTINGS -> "SETTINGS" + (end ? " ack" : "");
      case Frame.PING -> "PING" + (end ? " ack " : " ") + ascii;
      case Frame.GOAWAY ->
          "GOAWAY "
              + Frame.int32(frame, 9)
              + " "
              + name(Frame.int32(frame, 13))
              + " "
              + ascii.substring(8);
      case Frame.WINDOW_UPDATE -> "WINDOW_UPDATE " + id + " " + Frame.int32(frame, 9);
      default -> "type " + frame[3];
    };
  }

  private String fields(byte[] frame) {
    try {
      StringBuilder text = new StringBuilder();
      for (Header field : decoder.decodeHeaders(ByteBuffer.wrap(frame, 9, frame.length - 9))) {
        text.append(text.isEmpty() ? "" : ", ")
            .append(field.getName())
            .append('=')
            .append(field.getValue());
      }
      return text.toString();
    } catch (org.apache.hc.core5.http2.hpack.HPackException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(int code) {
    for (var field : ErrorCode.class.getFields()) {
      try {
        if (field.getInt(null) == code) {
          return field.getName();
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return Integer.toString(code);
  }

  static byte[] join(byte[]... pieces) {
    int length = Arrays.stream(pieces).mapToInt(piece -> piece.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  static byte[] many(int times, byte[] piece) {
    byte[][] pieces = new byte[times][];
    Arrays.fill(pieces, piece);
    return join(pieces);
  }
}
