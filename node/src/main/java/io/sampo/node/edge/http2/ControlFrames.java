package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;
import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.Frame;
import io.sampo.node.edge.http2.frame.FrameWriter;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The frames that belong to no stream: settings, pings and what only fills the line. */
final class ControlFrames {
  private static final int HEADER_TABLE_SIZE = 0x1;
  private static final int ENABLE_PUSH = 0x2;
  private static final int MAX_CONCURRENT_STREAMS = 0x3;
  private static final int INITIAL_WINDOW_SIZE = 0x4;
  private static final int MAX_FRAME_SIZE = 0x5;
  private static final int MAX_HEADER_LIST_SIZE = 0x6;
  private static final int CONNECT_PROTOCOL = 0x8;

  /** In one frame of a strict connection. */
  private static final int MAX_SETTINGS = 100;

  /** What grpc-go asks for when it says good-bye, or any eight bytes that are no client's. */
  private static final byte[] DRAIN_PING = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

  private final FrameWriter writer;
  private final Streams streams;
  private final Outflow outflow;
  private final FloodGuard floods;
  private final KeepAlive keepAlive;
  private final Requests requests;
  private boolean acknowledged;

  ControlFrames(
      FrameWriter writer,
      Streams streams,
      Outflow outflow,
      FloodGuard floods,
      KeepAlive keepAlive,
      Requests requests) {
    this.writer = writer;
    this.streams = streams;
    this.outflow = outflow;
    this.floods = floods;
    this.keepAlive = keepAlive;
    this.requests = requests;
  }

  /** Opens the connection: in net/http's order, without what RFC 9113 has by default. */
  void begin(Http2Settings own) {
    IntStream.Builder pairs = IntStream.builder();
    if (own.maxFrameBytes() != Frame.MAX_BYTES) {
      pairs.add(MAX_FRAME_SIZE).add(own.maxFrameBytes());
    }
    if (own.maxConcurrentStreams() != Integer.MAX_VALUE) {
      pairs.add(MAX_CONCURRENT_STREAMS).add(own.maxConcurrentStreams());
    }
    pairs.add(MAX_HEADER_LIST_SIZE).add(Http2Settings.MAX_HEADER_LIST_BYTES);
    if (own.streamWindow() != Frame.DEFAULT_WINDOW) {
      pairs.add(INITIAL_WINDOW_SIZE).add(own.streamWindow());
    }
    writer.settings(pairs.build().toArray());
    writer.windowUpdate(0, Inflow.CONNECTION_WINDOW - Frame.DEFAULT_WINDOW);
  }

  void ping() {
    writer.ping(false, new byte[8], 0);
  }

  /** Asks for a sign that the client has read everything up to here. */
  void drainPing() {
    writer.ping(false, DRAIN_PING, 0);
  }

  void onFrame(int type, int flags, int id, byte[] bytes, int offset, int length) {
    boolean known = type == Frame.SETTINGS || type == Frame.PING || type == Frame.GOAWAY;
    if (known && id != 0) {
      throw ConnectionError.protocol("stream id");
    }
    switch (type) {
      case Frame.SETTINGS -> settings(flags, bytes, offset, length);
      case Frame.PING -> pinged(flags, bytes, offset, length);
      case Frame.GOAWAY -> {
        if (length < 8) {
          throw ConnectionError.frameSize("goaway");
        }
        floods.spend(FloodGuard.OTHER, requests.nowNanos());
        if (requests.isStrict()) {
          requests.onClientLeaving();
        }
      }
      default -> floods.spend(FloodGuard.OTHER, requests.nowNanos());
    }
  }

  private void settings(int flags, byte[] bytes, int offset, int length) {
    boolean ack = (flags & Frame.ACK) != 0;
    if (ack ? length != 0 : length % 6 != 0) {
      throw ConnectionError.frameSize("settings");
    }
    floods.spend(FloodGuard.SETTINGS, requests.nowNanos());
    if (ack) {
      if (acknowledged && requests.isStrict()) {
        throw ConnectionError.protocol("ack of no settings");
      }
      acknowledged = true;
      return;
    }
    if (requests.isStrict() && isTooMuch(bytes, offset, length)) {
      throw ConnectionError.protocol("settings");
    }
    int window = -1;
    for (int at = offset; at < offset + length; at += 6) {
      int name = name(bytes, at);
      int value = Frame.int32(bytes, at + 2);
      setting(name, value);
      window = name == INITIAL_WINDOW_SIZE ? value : window;
    }
    if (window >= 0) {
      // It touches every stream, and a frame may name it very often.
      outflow.onInitialWindow(window, streams);
    }
    writer.settingsAck();
  }

  /** Go's net/http takes up to a hundred settings, each once. */
  private static boolean isTooMuch(byte[] bytes, int offset, int length) {
    if (length > 6 * MAX_SETTINGS) {
      return true;
    }
    long names =
        IntStream.range(0, length / 6).map(at -> name(bytes, offset + 6 * at)).distinct().count();
    return names < length / 6;
  }

  private static int name(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private void setting(int name, int value) {
    switch (name) {
      case HEADER_TABLE_SIZE -> outflow.onTableSize(value < 0 ? Integer.MAX_VALUE : value);
      case ENABLE_PUSH, CONNECT_PROTOCOL -> {
        if (value != 0 && value != 1 && requests.isStrict()) {
          throw ConnectionError.protocol("neither on nor off");
        }
      }
      case INITIAL_WINDOW_SIZE -> {
        if (value < 0) {
          throw new ConnectionError(ErrorCode.FLOW_CONTROL_ERROR, "initial window");
        }
      }
      case MAX_FRAME_SIZE -> {
        if (value >= Frame.MAX_BYTES && value <= 0xffffff) {
          outflow.onMaxFrameBytes(value);
        } else if (requests.isStrict()) {
          throw ConnectionError.protocol("max frame size");
        }
      }
      default -> {}
    }
  }

  private void pinged(int flags, byte[] bytes, int offset, int length) {
    if (length != 8) {
      throw ConnectionError.frameSize("ping");
    }
    if ((flags & Frame.ACK) != 0) {
      if (Arrays.equals(bytes, offset, offset + 8, DRAIN_PING, 0, 8)) {
        requests.acceptNoMore();
      } else {
        floods.spend(FloodGuard.PING, requests.nowNanos());
      }
      return;
    }
    writer.ping(true, bytes, offset);
    floods.spend(FloodGuard.PING, requests.nowNanos());
    if (keepAlive.onPing(streams.size() > 0, requests.nowNanos())) {
      throw ConnectionError.calm("too_many_pings");
    }
  }
}
