package io.sampo.tests.load;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;

/**
 * One HTTP/2 connection whose answers may be of any size and may fail: their bytes are shown,
 * credited to the server's windows as they come, and thrown away. Used by one thread.
 */
public final class DrainingConnection {

  /** The caller's side of one call. */
  public interface Answer {
    /** Bytes of the answer, with the gRPC prefixes, as they come. */
    void onBytes(ByteBuffer bytes);

    /** The last of a call, unless the caller itself has ended it. */
    void onEnd(StreamEnd end);
  }

  private static final class Call {
    final Answer answer;
    int uncredited;

    Call(Answer answer) {
      this.answer = answer;
    }
  }

  private record Waiting(byte[] message, byte[] headers, boolean last, Answer answer) {}

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int STREAM_WINDOW = 1 << 20;
  private static final int CONNECTION_WINDOW = 4 << 20;
  private static final int CANCEL = 8;

  private final String authority;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private final IntObjectHashMap<Call> calls = new IntObjectHashMap<>();
  private final ArrayDeque<Waiting> waitingForWindow = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 19);
  private ByteBuffer out = ByteBuffer.allocate(1 << 15);
  private int nextStream = 1;
  private long sendWindow = 65_535;
  private int uncredited;

  /** Connects to a server on the loopback address. */
  public DrainingConnection(int port, Selector selector) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    authority = address.getHostString() + ":" + port;
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
    out.put(PREFACE);
    Frame.header(out, 12, Frame.SETTINGS, 0, 0);
    out.putShort((short) Frame.SETTING_HEADER_TABLE_SIZE).putInt(0);
    out.putShort((short) Frame.SETTING_INITIAL_WINDOW).putInt(STREAM_WINDOW);
    Frame.windowUpdate(out, 0, CONNECTION_WINDOW);
  }

  /** The headers of calls of one method of this connection. */
  public byte[] headers(String path, Map<String, String> more) {
    return RequestHeaders.stateless(authority, path, more);
  }

  /**
   * Begins a call, now or as soon as the server's window allows.
   *
   * @param message with its gRPC prefix, one frame at most
   * @param last whether the request ends with it
   */
  public void call(byte[] headers, byte[] message, boolean last, Answer answer) {
    if (sendWindow < message.length) {
      waitingForWindow.add(new Waiting(message, headers, last, answer));
      return;
    }
    reserve(headers.length + message.length + 2 * Frame.HEADER_BYTES);
    Frame.header(out, headers.length, Frame.HEADERS, Frame.END_HEADERS, nextStream);
    out.put(headers);
    Frame.header(out, message.length, Frame.DATA, last ? Frame.END_STREAM : 0, nextStream);
    out.put(message);
    sendWindow -= message.length;
    calls.put(nextStream, new Call(answer));
    nextStream += 2;
  }

  /** Ends all calls from this side. */
  public void cancelAll() {
    for (int stream : calls.keySet().stream().mapToInt(Integer::intValue).toArray()) {
      reserve(Frame.HEADER_BYTES + 4);
      Frame.header(out, 4, Frame.RST_STREAM, 0, stream);
      out.putInt(CANCEL);
    }
    calls.clear();
  }

  /** Writes what was collected; what the socket does not take waits for its turn. */
  public void flush() throws IOException {
    if (out.position() == 0) {
      return;
    }
    out.flip();
    channel.write(out);
    boolean rest = out.hasRemaining();
    out.compact();
    key.interestOps(rest ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  /** Reads what came and handles every whole frame. */
  public void read() throws IOException {
    if (channel.read(in) < 0) {
      throw new LoadFailure("the server closed a connection");
    }
    in.flip();
    while (in.remaining() >= Frame.HEADER_BYTES) {
      int at = in.position();
      int length = in.getInt(at) >>> 8;
      if (in.remaining() < Frame.HEADER_BYTES + length) {
        break;
      }
      in.position(at + Frame.HEADER_BYTES + length);
      onFrame(
          in.get(at + 3),
          in.get(at + 4),
          in.getInt(at + 5) & Integer.MAX_VALUE,
          in.slice(at + Frame.HEADER_BYTES, length));
    }
    in.compact();
  }

  private void onFrame(int type, int flags, int stream, ByteBuffer payload) {
    switch (type) {
      case Frame.DATA -> onData(flags, stream, payload);
      case Frame.HEADERS -> {
        if ((flags & Frame.END_STREAM) != 0) {
          end(stream, StreamEnd.of(payload, decoder));
        }
      }
      case Frame.RST_STREAM -> end(stream, StreamEnd.reset(payload.getInt()));
      case Frame.SETTINGS -> {
        if ((flags & Frame.ACK) == 0) {
          reserve(Frame.HEADER_BYTES);
          Frame.header(out, 0, Frame.SETTINGS, Frame.ACK, 0);
        }
      }
      case Frame.PING -> onPing(flags, payload);
      case Frame.WINDOW_UPDATE -> onWindowUpdate(stream, payload.getInt());
      case Frame.GOAWAY -> throw new LoadFailure("the server says goodbye");
      case Frame.CONTINUATION -> throw new LoadFailure("unexpected continuation");
      default -> {
        // Frames of extensions are ignored (RFC 9113, section 4.1).
      }
    }
  }

  private void onData(int flags, int stream, ByteBuffer payload) {
    int length = payload.remaining();
    uncredited += length;
    if (uncredited >= CONNECTION_WINDOW / 4) {
      credit(0, uncredited);
      uncredited = 0;
    }
    Call call = calls.get(stream);
    if (call == null) {
      return;
    }
    call.uncredited += length;
    if (call.uncredited >= STREAM_WINDOW / 4) {
      credit(stream, call.uncredited);
      call.uncredited = 0;
    }
    call.answer.onBytes(payload);
    if ((flags & Frame.END_STREAM) != 0) {
      end(stream, new StreamEnd("an answer without trailers"));
    }
  }

  private void credit(int stream, int bytes) {
    reserve(Frame.HEADER_BYTES + 4);
    Frame.windowUpdate(out, stream, bytes);
  }

  private void end(int stream, StreamEnd end) {
    Call call = calls.remove(stream);
    if (call != null) {
      call.answer.onEnd(end);
    }
  }

  private void onPing(int flags, ByteBuffer payload) {
    if ((flags & Frame.ACK) == 0) {
      reserve(Frame.HEADER_BYTES + 8);
      Frame.header(out, 8, Frame.PING, Frame.ACK, 0);
      out.put(payload);
    }
  }

  private void onWindowUpdate(int stream, int increment) {
    if (stream != 0) {
      return;
    }
    sendWindow += increment;
    while (!waitingForWindow.isEmpty() && sendWindow >= waitingForWindow.peek().message().length) {
      Waiting next = waitingForWindow.poll();
      call(next.headers(), next.message(), next.last(), next.answer());
    }
  }

  private void reserve(int bytes) {
    if (out.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocate(2 * (out.position() + bytes));
      out = larger.put(out.flip());
    }
  }

  /** Calls that have not ended. */
  public int open() {
    return calls.size() + waitingForWindow.size();
  }

  /** Ends all calls by closing the connection. */
  public void close() throws IOException {
    channel.close();
  }
}
