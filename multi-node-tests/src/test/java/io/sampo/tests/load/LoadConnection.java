package io.sampo.tests.load;

import io.netty.util.collection.IntObjectHashMap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * One HTTP/2 connection with many calls in flight. What is to be sent is collected in a buffer and
 * written once per turn of the selector.
 */
final class LoadConnection {

  /** Told when a call is answered. */
  interface Answered {
    void onAnswer(LoadConnection connection, Call call);

    /** The server has too many requests. */
    void onRefused(LoadConnection connection);
  }

  /** One request in flight. */
  static final class Call {
    final long startNanos;
    int answerBytes;

    /** With the gRPC prefix; 0 before that came. */
    int messageBytes;

    Call(long startNanos) {
      this.startNanos = startNanos;
    }
  }

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int GRPC_PREFIX = 5;
  private static final int OUR_WINDOW = 1 << 30;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final RequestSource requests;
  private final RequestHeaders headers;
  private final Answered answered;
  private final AnswerHeaders answerHeaders = new AnswerHeaders();
  private final IntObjectHashMap<Call> inFlight = new IntObjectHashMap<>();
  private final ArrayDeque<Long> waitingForWindow = new ArrayDeque<>();
  private final ArrayDeque<Integer> idleStreams = new ArrayDeque<>();
  private final ByteBuffer in = ByteBuffer.allocate(1 << 17);
  private ByteBuffer out = ByteBuffer.allocate(1 << 17);
  private int nextStream = 1;
  private long sendWindow = 65_535;
  private int streamWindow = 65_535;
  private int received;

  LoadConnection(
      InetSocketAddress address, Selector selector, RequestSource requests, Answered answered)
      throws IOException {
    this.requests = requests;
    this.answered = answered;
    this.headers =
        RequestHeaders.of(address.getHostString() + ":" + address.getPort(), requests.path());
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
    greet();
  }

  private void greet() {
    out.put(PREFACE);
    Frame.header(out, 12, Frame.SETTINGS, 0, 0);
    out.putShort((short) Frame.SETTING_HEADER_TABLE_SIZE).putInt(0);
    out.putShort((short) Frame.SETTING_INITIAL_WINDOW).putInt(Integer.MAX_VALUE);
    Frame.windowUpdate(out, 0, OUR_WINDOW);
  }

  /** Sends the next request, now or as soon as the server's window allows. */
  void send(long nowNanos) {
    if (sendWindow < requests.messageBytes()) {
      waitingForWindow.add(nowNanos);
    } else {
      write(nowNanos);
    }
  }

  private void write(long startNanos) {
    int size = requests.messageBytes();
    Integer idle = idleStreams.poll();
    if (idle != null) {
      writeOn(idle, size, startNanos);
      return;
    }
    if (size > streamWindow) {
      throw new LoadFailure("a request of " + size + " bytes is over the server's stream window");
    }
    int stream = nextStream;
    byte[] block = stream == 1 ? headers.first() : headers.later();
    reserve(size + block.length + Frame.HEADER_BYTES * (2 + size / Frame.MAX_PAYLOAD + 1));
    Frame.header(out, block.length, Frame.HEADERS, Frame.END_HEADERS, stream);
    out.put(block);
    if (size <= Frame.MAX_PAYLOAD) {
      int flags = requests.streamStaysOpen() ? 0 : Frame.END_STREAM;
      Frame.header(out, size, Frame.DATA, flags, stream);
      requests.next(out);
    } else {
      writeInFrames(size, stream);
    }
    nextStream += 2;
    sendWindow -= size;
    inFlight.put(stream, new Call(startNanos));
  }

  /** The next message of an open stream, whose window a server of small messages keeps open. */
  private void writeOn(int stream, int size, long startNanos) {
    reserve(Frame.HEADER_BYTES + size);
    Frame.header(out, size, Frame.DATA, 0, stream);
    requests.next(out);
    sendWindow -= size;
    inFlight.put(stream, new Call(startNanos));
  }

  private void writeInFrames(int size, int stream) {
    ByteBuffer message = ByteBuffer.allocate(size);
    requests.next(message);
    byte[] bytes = message.array();
    for (int at = 0; at < size; at += Frame.MAX_PAYLOAD) {
      int length = Math.min(Frame.MAX_PAYLOAD, size - at);
      int flags = at + length == size ? Frame.END_STREAM : 0;
      Frame.header(out, length, Frame.DATA, flags, stream);
      out.put(bytes, at, length);
    }
  }

  private void reserve(int bytes) {
    if (out.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocate(2 * (out.position() + bytes));
      out = larger.put(out.flip());
    }
  }

  /** Writes what was collected; what the socket does not take waits for its turn. */
  void flush() throws IOException {
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
  void read() throws IOException {
    int count = channel.read(in);
    if (count < 0) {
      throw new LoadFailure("the server closed a connection");
    }
    in.flip();
    while (in.remaining() >= Frame.HEADER_BYTES) {
      int at = in.position();
      int length = in.getInt(at) >>> 8;
      if (in.remaining() < Frame.HEADER_BYTES + length) {
        break;
      }
      int type = in.get(at + 3);
      int flags = in.get(at + 4);
      int stream = in.getInt(at + 5) & Integer.MAX_VALUE;
      ByteBuffer payload = in.slice(at + Frame.HEADER_BYTES, length);
      in.position(at + Frame.HEADER_BYTES + length);
      onFrame(type, flags, stream, payload);
    }
    in.compact();
  }

  private void onFrame(int type, int flags, int stream, ByteBuffer payload) {
    switch (type) {
      case Frame.DATA -> onData(flags, stream, payload);
      case Frame.HEADERS -> onHeaders(flags, stream, payload);
      case Frame.SETTINGS -> onSettings(flags, payload);
      case Frame.PING -> onPing(flags, payload);
      case Frame.WINDOW_UPDATE -> onWindowUpdate(stream, payload.getInt());
      case Frame.RST_STREAM -> throw new LoadFailure("stream reset, code " + payload.getInt());
      case Frame.GOAWAY -> throw new LoadFailure("the server says goodbye");
      case Frame.CONTINUATION -> throw new LoadFailure("unexpected continuation");
      default -> {
        // Frames of extensions are ignored (RFC 9113, section 4.1).
      }
    }
  }

  private void onData(int flags, int stream, ByteBuffer payload) {
    int length = payload.remaining();
    Call call = inFlight.get(stream);
    if (call.answerBytes == 0 && length >= GRPC_PREFIX) {
      call.messageBytes = GRPC_PREFIX + payload.getInt(1);
    }
    call.answerBytes += length;
    received += length;
    if (received > OUR_WINDOW / 2) {
      reserve(Frame.HEADER_BYTES + 4);
      Frame.windowUpdate(out, 0, received);
      received = 0;
    }
    if ((flags & Frame.END_STREAM) != 0) {
      throw new LoadFailure("an answer without trailers");
    }
    if (requests.streamStaysOpen() && call.answerBytes == call.messageBytes) {
      inFlight.remove(stream);
      idleStreams.add(stream);
      answered(call);
    }
  }

  private void onHeaders(int flags, int stream, ByteBuffer block) {
    if ((flags & Frame.END_HEADERS) == 0 || (flags & Frame.PADDED) != 0) {
      throw new LoadFailure("headers in several frames or padded");
    }
    if ((flags & Frame.END_STREAM) == 0) {
      answerHeaders.start(block);
      return;
    }
    boolean refused = !answerHeaders.end(block);
    Call call = inFlight.remove(stream);
    if (call == null || requests.streamStaysOpen()) {
      throw new LoadFailure("the server ended a stream");
    }
    if (refused) {
      answered.onRefused(this);
    } else {
      answered(call);
    }
  }

  private void answered(Call call) {
    if (call.answerBytes < requests.minimumAnswerBytes()) {
      throw new LoadFailure("an answer of only " + call.answerBytes + " bytes");
    }
    answered.onAnswer(this, call);
  }

  private void onSettings(int flags, ByteBuffer payload) {
    if ((flags & Frame.ACK) != 0) {
      return;
    }
    while (payload.remaining() >= 6) {
      int setting = payload.getShort();
      int value = payload.getInt();
      if (setting == Frame.SETTING_INITIAL_WINDOW) {
        streamWindow = value;
      }
    }
    reserve(Frame.HEADER_BYTES);
    Frame.header(out, 0, Frame.SETTINGS, Frame.ACK, 0);
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
    while (!waitingForWindow.isEmpty() && sendWindow >= requests.messageBytes()) {
      write(waitingForWindow.poll());
    }
  }

  /** Calls that are not answered yet. */
  int open() {
    return inFlight.size() + waitingForWindow.size();
  }

  void close() throws IOException {
    channel.close();
  }
}
