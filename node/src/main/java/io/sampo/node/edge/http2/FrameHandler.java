package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ConnectionError;
import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.Frame;
import io.sampo.node.edge.http2.frame.FrameReader;
import io.sampo.node.edge.http2.frame.HeaderDecoder;
import io.sampo.node.edge.http2.frame.RequestHead;

/**
 * What each frame of a client does (RFC 9113, sections 5 and 6). Faults of a stream end the stream,
 * faults of the connection are thrown.
 */
final class FrameHandler implements FrameReader.Handler {
  private static final byte[] NONE = {};

  private final Streams streams;
  private final Outflow outflow;
  private final Inflow inflow;
  private final Requests requests;
  private final FloodGuard floods;
  private final HeaderDecoder decoder = new HeaderDecoder(Http2Settings.MAX_HEADER_LIST_BYTES);
  private final HeaderBlocks blocks = new HeaderBlocks();
  private final ControlFrames control;
  private boolean begun;

  /** Frames and header blocks that were whole. */
  private long whole;

  /** Of the block on its way: what its first frame said. */
  private int headersFlags;

  private int headersLength;

  /** The block on its way names its own stream as what it depends on. */
  private boolean selfDependent;

  FrameHandler(
      Streams streams,
      Outflow outflow,
      Inflow inflow,
      Requests requests,
      FloodGuard floods,
      ControlFrames control) {
    this.streams = streams;
    this.outflow = outflow;
    this.inflow = inflow;
    this.requests = requests;
    this.floods = floods;
    this.control = control;
  }

  @Override
  public void onFrame(int type, int flags, int streamId, byte[] bytes, int offset, int length) {
    if (!begun) {
      if (type != Frame.SETTINGS) {
        throw ConnectionError.protocol("no settings");
      }
      begun = true;
    }
    if (blocks.isOpen() != (type == Frame.CONTINUATION)
        || blocks.isOpen() && blocks.streamId() != streamId) {
      throw ConnectionError.protocol("continuation");
    }
    switch (type) {
      case Frame.DATA -> data(flags, streamId, bytes, offset, length);
      case Frame.HEADERS -> headers(flags, streamId, bytes, offset, length);
      case Frame.CONTINUATION -> continuation(flags, bytes, offset, length);
      case Frame.PRIORITY -> priority(streamId, bytes, offset, length);
      case Frame.RST_STREAM -> resetStream(streamId, length);
      case Frame.WINDOW_UPDATE -> windowUpdate(streamId, bytes, offset, length);
      case Frame.PUSH_PROMISE -> unasked(streamId, "push promise");
      default -> control.onFrame(type, flags, streamId, bytes, offset, length);
    }
    if (!blocks.isOpen()) {
      whole++;
    }
  }

  /** Whether a header block has begun whose next frame has to come. */
  boolean isInBlock() {
    return blocks.isOpen();
  }

  /** How many frames were whole, those of a header block counted as one. */
  long whole() {
    return whole;
  }

  /** A frame of a stream that is not there: grpc-go overlooks it. */
  private void unasked(int id, String what) {
    if (id == 0 || requests.isStrict()) {
      throw ConnectionError.protocol(what).of(id);
    }
    floods.spend(FloodGuard.OTHER, requests.nowNanos());
  }

  private void data(int flags, int id, byte[] bytes, int offset, int length) {
    if (id == 0) {
      throw ConnectionError.protocol("data on stream 0");
    }
    int from = offset;
    int end = offset + length;
    if ((flags & Frame.PADDED) != 0) {
      end -= padding(bytes, offset, length);
      from++;
    }
    boolean last = (flags & Frame.END_STREAM) != 0;
    inflow.onConnectionData(length);
    if (from == end && !last) {
      floods.spend(FloodGuard.EMPTY_DATA, requests.nowNanos());
    }
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      lateData(id);
      return;
    }
    if (stream.isRemoteClosed()) {
      requests.fail(stream, ErrorCode.STREAM_CLOSED);
      return;
    }
    int refused = inflow.onStreamData(stream, length);
    if (refused != ErrorCode.NO_ERROR) {
      requests.fail(stream, refused);
      return;
    }
    stream.consumed(length - (end - from));
    requests.data(stream, bytes, from, end - from, last);
  }

  /** The bytes that are no data: the padding itself and its length. */
  private static int padding(byte[] bytes, int offset, int length) {
    if (length == 0) {
      throw ConnectionError.unreadable("no padding length");
    }
    int padding = bytes[offset] & 0xff;
    if (padding >= length) {
      throw ConnectionError.protocol("padding");
    }
    return padding;
  }

  private void lateData(int id) {
    if (id > streams.highest() || id % 2 == 0) {
      unasked(id, "data on an idle stream");
    } else if (streams.endOf(id) == Streams.End.OURS) {
      return;
    } else if (requests.isStrict()) {
      requests.refuse(id, ErrorCode.STREAM_CLOSED);
    } else {
      floods.spend(FloodGuard.OTHER, requests.nowNanos());
    }
  }

  private void headers(int flags, int id, byte[] bytes, int offset, int length) {
    if (id == 0) {
      throw ConnectionError.protocol("headers on stream 0");
    }
    int from = offset;
    int end = offset + length;
    int padding = 0;
    if ((flags & Frame.PADDED) != 0) {
      if (length == 0) {
        throw ConnectionError.unreadable("no padding length");
      }
      padding = bytes[from++] & 0xff;
    }
    headersFlags = flags;
    headersLength = length;
    selfDependent = false;
    if ((flags & Frame.PRIORITY_FLAG) != 0) {
      if (end - from < 5) {
        throw ConnectionError.unreadable("priority");
      }
      selfDependent = requests.isStrict() && Frame.int31(bytes, from) == id;
      from += 5;
    }
    if (padding > end - from) {
      fault(id, ErrorCode.PROTOCOL_ERROR);
      return;
    }
    end -= padding;
    boolean last = (flags & Frame.END_STREAM) != 0;
    if ((flags & Frame.END_HEADERS) != 0) {
      block(id, last, bytes, from, end - from);
    } else {
      blocks.begin(id, last, bytes, from, end - from);
    }
  }

  private void continuation(int flags, byte[] bytes, int offset, int length) {
    blocks.add(bytes, offset, length, requests.isStrict());
    if ((flags & Frame.END_HEADERS) != 0) {
      int id = blocks.streamId();
      byte[] whole = blocks.take();
      block(id, blocks.endStream(), whole, 0, whole.length);
    }
  }

  private void block(int id, boolean last, byte[] bytes, int offset, int length) {
    RequestHead head = decode(id, bytes, offset, length);
    if (id > streams.highest() && id % 2 != 0) {
      streams.use(id);
      requests.open(id, head, last, selfDependent);
      return;
    }
    if (!requests.isStrict()) {
      throw illegalStream(id);
    }
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      trailers(stream, head, last);
    } else {
      lateHeaders(id);
    }
  }

  private RequestHead decode(int id, byte[] bytes, int offset, int length) {
    RequestHead head;
    try {
      head = decoder.decode(bytes, offset, length);
    } catch (ConnectionError e) {
      throw e.of(id);
    }
    if (head.malformed() != null && requests.isStrict()) {
      throw ConnectionError.protocol(head.malformed()).of(id);
    }
    return head;
  }

  /** In grpc-go's words; trailers are no less illegal to it. */
  private ConnectionError illegalStream(int id) {
    StringBuilder flags = new StringBuilder();
    flag(flags, Frame.END_STREAM, "END_STREAM");
    flag(flags, Frame.END_HEADERS, "END_HEADERS");
    flag(flags, Frame.PADDED, "PADDED");
    flag(flags, Frame.PRIORITY_FLAG, "PRIORITY");
    return ConnectionError.illegalStream(
        "received an illegal stream id: %d. headers frame: [FrameHeader HEADERS%s stream=%d len=%d]"
            .formatted(id, flags, id, headersLength));
  }

  private void flag(StringBuilder flags, int bit, String name) {
    if ((headersFlags & bit) != 0) {
      flags.append(flags.isEmpty() ? " flags=" : "|").append(name);
    }
  }

  private void trailers(Http2Stream stream, RequestHead head, boolean last) {
    if (stream.isRemoteClosed()) {
      requests.fail(stream, ErrorCode.STREAM_CLOSED);
    } else if (!last || head.hasPseudoHeaders()) {
      requests.fail(stream, ErrorCode.PROTOCOL_ERROR);
    } else {
      requests.data(stream, NONE, 0, 0, true);
    }
  }

  private void lateHeaders(int id) {
    switch (streams.endOf(id)) {
      case OURS -> {}
      case CLIENT_RESET -> requests.refuse(id, ErrorCode.STREAM_CLOSED);
      case BOTH, UNKNOWN -> throw ConnectionError.protocol("stream id").of(id);
    }
  }

  private void priority(int id, byte[] bytes, int offset, int length) {
    floods.spend(FloodGuard.OTHER, requests.nowNanos());
    if (id == 0) {
      throw ConnectionError.protocol("priority of stream 0");
    }
    if (length != 5) {
      throw ConnectionError.frameSize("priority");
    }
    if (requests.isStrict() && Frame.int31(bytes, offset) == id) {
      fault(id, ErrorCode.PROTOCOL_ERROR);
    }
  }

  private void fault(int id, int code) {
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      requests.fail(stream, code);
    } else {
      requests.refuse(id, code);
    }
  }

  private void resetStream(int id, int length) {
    if (length != 4) {
      throw ConnectionError.frameSize("reset");
    }
    if (id == 0 || id > streams.highest() || id % 2 == 0) {
      unasked(id, "reset of an idle stream");
      return;
    }
    floods.spend(FloodGuard.RESET, requests.nowNanos());
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      requests.cancelledByClient(stream);
    }
  }

  private void windowUpdate(int id, byte[] bytes, int offset, int length) {
    if (length != 4) {
      throw ConnectionError.frameSize("window update");
    }
    floods.spend(FloodGuard.WINDOW_UPDATE, requests.nowNanos());
    int increment = Frame.int31(bytes, offset);
    if (id == 0) {
      if (increment == 0) {
        throw ConnectionError.protocol("window update of 0");
      }
      outflow.onConnectionWindow(increment, requests.isStrict());
      return;
    }
    Http2Stream stream = streams.get(id);
    if (increment == 0) {
      // Both servers of Go look at this before they look for the stream.
      fault(id, ErrorCode.PROTOCOL_ERROR);
    } else if (stream != null) {
      if (!outflow.onStreamWindow(stream, increment, requests.isStrict())) {
        requests.fail(stream, ErrorCode.FLOW_CONTROL_ERROR);
      }
    } else if (id > streams.highest() || id % 2 == 0) {
      unasked(id, "window update of an idle stream");
    }
  }
}
