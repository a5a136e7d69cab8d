package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.ErrorCode;
import io.sampo.node.edge.http2.frame.FrameWriter;
import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.node.edge.http2.frame.ResponseHead;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The life of a connection's streams: opened, refused, failed, answered, cancelled. */
public final class Requests implements Http2Stream.StreamEnds {
  /** What grpc-go says when it goes. */
  static final String GRACEFUL = "graceful_stop";

  /** How long a client that has said GOAWAY may still ping, as in Go's net/http. */
  private static final Duration LEAVING = Duration.ofSeconds(1);

  private static final ResponseHead TOO_LARGE = ResponseHead.of(":status", "431");

  private final Http2Settings settings;
  private final RequestHandler handler;
  private final FrameWriter writer;
  private final Streams streams;
  private final Outflow outflow;
  private final Inflow inflow;
  private final FloodGuard floods;
  private final ConnectionTurns turns;
  private final LongSupplier nanoTime;
  private final CallStarts starts;

  /** The last stream that is served, once that is settled; else -1. */
  private int last = -1;

  /** The client goes by itself and has a moment to do so. */
  private boolean clientLeaving;

  private boolean waitsForClient;

  Requests(
      Http2Settings settings,
      RequestHandler handler,
      FrameWriter writer,
      Streams streams,
      Outflow outflow,
      Inflow inflow,
      FloodGuard floods,
      ConnectionTurns turns,
      CallStarts starts,
      LongSupplier nanoTime) {
    this.settings = settings;
    this.handler = handler;
    this.writer = writer;
    this.streams = streams;
    this.outflow = outflow;
    this.inflow = inflow;
    this.floods = floods;
    this.turns = turns;
    this.starts = starts;
    this.nanoTime = nanoTime;
  }

  /** Whether faults are taken as Go's net/http takes them, and not as grpc-go. */
  @Override
  public boolean isStrict() {
    return settings.strict();
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  void open(int id, RequestHead head, boolean ended, boolean selfDependent) {
    if (last >= 0) {
      // The client has been told that it is not served, and need not be told again.
      streams.remember(id, Streams.End.OURS);
    } else if (selfDependent || isMalformed(head)) {
      refuse(id, ErrorCode.PROTOCOL_ERROR);
    } else if (head.isTooLarge()) {
      tooLarge(id, ended);
    } else if (streams.size() >= settings.maxConcurrentStreams()) {
      refuse(id, ErrorCode.REFUSED_STREAM);
    } else {
      Http2Stream stream = new Http2Stream(id, head, ended, turns, outflow, inflow, this, starts);
      streams.add(stream);
      if (settings.strict() && !ended) {
        stream.announcedBytes = StrictRules.contentLength(head);
      }
      turns.guarded(stream, () -> stream.handler(handler.open(stream, ended)));
    }
  }

  private boolean isMalformed(RequestHead head) {
    return head.malformed() != null
        || (settings.strict() ? StrictRules.isMalformed(head) : head.hasConnectionField());
  }

  private void tooLarge(int id, boolean ended) {
    if (settings.strict()) {
      outflow.head(id, TOO_LARGE, true);
      if (!ended) {
        writer.resetStream(id, ErrorCode.NO_ERROR);
      }
      streams.remember(id, Streams.End.OURS);
    } else {
      refuse(id, ErrorCode.FRAME_SIZE_ERROR);
    }
  }

  /** Resets a stream that is not open. */
  void refuse(int id, int code) {
    floods.spend(FloodGuard.RESET, nowNanos());
    writer.resetStream(id, code);
    streams.remember(id, Streams.End.OURS);
  }

  /** Resets a stream for what its client did. */
  void fail(Http2Stream stream, int code) {
    floods.spend(FloodGuard.RESET, nowNanos());
    writer.resetStream(stream.id(), code);
    streams.remove(stream, Streams.End.OURS);
    stream.cancelled();
  }

  void data(Http2Stream stream, byte[] bytes, int offset, int length, boolean end) {
    if (stream.announcedBytes >= 0) {
      stream.announcedBytes -= length;
      if (stream.announcedBytes < 0) {
        fail(stream, ErrorCode.PROTOCOL_ERROR);
        return;
      }
    }
    turns.guarded(stream, () -> stream.onData(bytes, offset, length, end));
  }

  void cancelledByClient(Http2Stream stream) {
    streams.remove(stream, Streams.End.CLIENT_RESET);
    stream.cancelled();
  }

  @Override
  public void onAnswered(Http2Stream stream) {
    if (stream.isRemoteClosed()) {
      streams.remove(stream, Streams.End.BOTH);
    } else {
      writer.resetStream(stream.id(), ErrorCode.NO_ERROR);
      streams.remove(stream, Streams.End.OURS);
    }
    stream.close();
  }

  @Override
  public void reset(Http2Stream stream, int code) {
    writer.resetStream(stream.id(), code);
    streams.remove(stream, Streams.End.OURS);
    stream.close();
  }

  /** The connection has gone. */
  void cancelAll() {
    for (Http2Stream stream : streams.all()) {
      streams.remove(stream, Streams.End.OURS);
      stream.cancelled();
    }
  }

  /** Settles which stream is the last, and tells the client. */
  void acceptNoMore() {
    if (last < 0) {
      last = streams.highest();
      writer.goAway(last, ErrorCode.NO_ERROR, GRACEFUL);
    }
  }

  /** The client has said GOAWAY. */
  void onClientLeaving() {
    clientLeaving = !waitsForClient;
    acceptNoMore();
  }

  /** Whether one of both sides goes and everything the client is owed is written. */
  boolean mayClose() {
    if (last < 0 || streams.size() > 0) {
      return false;
    }
    if (clientLeaving && !waitsForClient) {
      waitsForClient = true;
      turns.after(LEAVING, () -> clientLeaving = false);
    }
    return !clientLeaving;
  }
}
