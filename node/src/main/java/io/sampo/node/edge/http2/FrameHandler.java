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
      if (type != Frame.SETTINGS || (flags & Frame.ACK) != 0) {
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
      case Frame.PUSH_PROMISE -> throw ConnectionError.protocol("push promise");
      default -> control.onFrame(type, flags, streamId, bytes, offset, length);
    }
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
      throw ConnectionError.frameSize("no padding length");
    }
    int padding = bytes[offset] & 0xff;
    if (padding >= length) {
      throw ConnectionError.protocol("padding");
    }
    return padding;
  }

  private void lateData(int id) {
    if (id > streams.highest() || id % 2 == 0) {
      throw ConnectionError.protocol("data on an idle stream");
    }
    if (streams.endOf(id) != Streams.End.OURS) {
      requests.refuse(id, ErrorCode.STREAM_CLOSED);
    }
  }

  private void headers(int flags, int id, byte[] bytes, int offset, int length) {
    if (id % 2 == 0) {
      throw ConnectionError.protocol("stream id");
    }
    int from = offset;
    int end = offset + length;
    if ((flags & Frame.PADDED) != 0) {
      end -= padding(bytes, offset, length);
      from++;
    }
    selfDependent = false;
    if ((flags & Frame.PRIORITY_FLAG) != 0) {
      if (end - from < 5) {
        throw ConnectionError.frameSize("priority");
      }
      selfDependent = Frame.int31(bytes, from) == id;
      from += 5;
    }
    boolean last = (flags & Frame.END_STREAM) != 0;
    if ((flags & Frame.END_HEADERS) != 0) {
      block(id, last, bytes, from, end - from);
    } else {
      blocks.begin(id, last, bytes, from, end - from);
    }
  }

  private void continuation(int flags, byte[] bytes, int offset, int length) {
    blocks.add(bytes, offset, length);
    if ((flags & Frame.END_HEADERS) != 0) {
      int id = blocks.streamId();
      byte[] whole = blocks.take();
      block(id, blocks.endStream(), whole, 0, whole.length);
    }
  }

  private void block(int id, boolean last, byte[] bytes, int offset, int length) {
    RequestHead head = decoder.decode(bytes, offset, length);
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      trailers(stream, head, last);
    } else if (id > streams.highest()) {
      streams.use(id);
      requests.open(id, head, last, selfDependent);
    } else {
      lateHeaders(id);
    }
  }

  private void trailers(Http2Stream stream, RequestHead head, boolean last) {
    if (stream.isRemoteClosed()) {
      requests.fail(stream, ErrorCode.STREAM_CLOSED);
    } else if (!last || head.malformed() != null || head.hasPseudoHeaders()) {
      requests.fail(stream, ErrorCode.PROTOCOL_ERROR);
    } else {
      requests.data(stream, NONE, 0, 0, true);
    }
  }

  private void lateHeaders(int id) {
    switch (streams.endOf(id)) {
      case OURS -> {}
      case CLIENT_RESET -> requests.refuse(id, ErrorCode.STREAM_CLOSED);
      case BOTH -> throw new ConnectionError(ErrorCode.STREAM_CLOSED, "headers on a closed stream");
      case UNKNOWN -> throw ConnectionError.protocol("stream id");
    }
  }

  private void priority(int id, byte[] bytes, int offset, int length) {
    floods.spend(FloodGuard.OTHER, requests.nowNanos());
    if (id == 0) {
      throw ConnectionError.protocol("priority of stream 0");
    }
    if (length != 5) {
      fault(id, ErrorCode.FRAME_SIZE_ERROR);
    } else if (Frame.int31(bytes, offset) == id) {
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
      throw ConnectionError.protocol("reset of an idle stream");
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
      outflow.onConnectionWindow(increment);
      return;
    }
    Http2Stream stream = streams.get(id);
    if (stream != null && increment == 0) {
      requests.fail(stream, ErrorCode.PROTOCOL_ERROR);
    } else if (stream != null) {
      if (!outflow.onStreamWindow(stream, increment)) {
        requests.fail(stream, ErrorCode.FLOW_CONTROL_ERROR);
      }
    } else if (id > streams.highest() || id % 2 == 0) {
      throw ConnectionError.protocol("window update of an idle stream");
    }
  }
}
