package io.sampo.node.edge.http2;

import io.sampo.node.edge.AnswerRoom;
import io.sampo.node.edge.http2.frame.RequestHead;
import io.sampo.node.edge.http2.frame.ResponseHead;
import java.net.SocketAddress;
import java.time.Duration;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.util.ByteString;

/**
 * A request and the way its answer takes. But for {@link #execute} everything may be called in
 * turns of the connection only; what is sent on a stream that is over goes nowhere.
 */
public final class Http2Stream {
  private final int id;
  private final RequestHead head;
  private final ConnectionTurns turns;
  private final Outflow outflow;
  private final Inflow inflow;
  private final StreamEnds ends;
  private final CallStarts starts;
  private StreamHandler handler;
  private boolean open = true;
  private boolean remoteClosed;

  /** The handler has said its last word. */
  private boolean answered;

  private ResponseHead trailers;

  /** Null for an answer that never had to wait. */
  private AnswerRoom room;

  /** Accounts of {@link Outflow}. */
  int sendWindow;

  final PendingData pending = new PendingData();
  boolean isReady;

  /** Accounts of {@link Inflow}. */
  int receiveWindow;

  int unreturnedBytes;
  int wantedBytes;
  long heldBytes;
  long expectedBytes;

  /** What the client said that the body would have, less what came; negative: it did not say. */
  long announcedBytes = -1;

  /** Told when a stream ends on this side. */
  interface StreamEnds {
    void onAnswered(Http2Stream stream);

    void reset(Http2Stream stream, int code);

    boolean isStrict();
  }

  Http2Stream(
      int id,
      RequestHead head,
      boolean remoteClosed,
      ConnectionTurns turns,
      Outflow outflow,
      Inflow inflow,
      StreamEnds ends,
      CallStarts starts) {
    this.id = id;
    this.head = head;
    this.remoteClosed = remoteClosed;
    this.turns = turns;
    this.outflow = outflow;
    this.inflow = inflow;
    this.ends = ends;
    this.starts = starts;
    this.sendWindow = outflow.initialStreamWindow();
    this.receiveWindow = inflow.initialStreamWindow();
  }

  int id() {
    return id;
  }

  public RequestHead head() {
    return head;
  }

  /** Who has opened the connection. */
  public SocketAddress remote() {
    return turns.remote();
  }

  /** Whether anything can be sent, or was sent and is still on its way. */
  public boolean isOpen() {
    return open;
  }

  /** Whether the client has ended its half. */
  public boolean isRemoteClosed() {
    return remoteClosed;
  }

  /** Whether it is answered as by Go's net/http: {@link Http2Settings#strict}. */
  public boolean isStrict() {
    return ends.isStrict();
  }

  /** The head of the answer. Informational ones may come before it. */
  public void sendHead(ResponseHead response) {
    if (isSending()) {
      outflow.head(id, response, false);
    }
  }

  private boolean isSending() {
    return open && !answered;
  }

  /** An answer that is a head only. */
  public void answer(ResponseHead response) {
    if (isSending()) {
      answered = true;
      outflow.head(id, response, true);
      ends.onAnswered(this);
    }
  }

  /** Some of the body; the bytes must not change any more. */
  public void send(ByteString bytes) {
    if (isSending() && !bytes.isEmpty()) {
      outflow.data(this, bytes);
    }
  }

  /**
   * A gRPC message behind its prefix; the array must not change any more.
   *
   * @param compressed the prefix's first byte
   */
  public void sendMessage(int compressed, byte[] message) {
    if (isSending()) {
      outflow.message(this, compressed, message);
    }
  }

  /** As {@link #sendMessage(int, byte[])}, made while it leaves. */
  public void sendMessage(int compressed, EncodedMessage message) {
    if (isSending()) {
      outflow.message(this, compressed, message);
    }
  }

  /** Bytes that were sent and wait for the client's windows or its connection. */
  public long pendingBytes() {
    return pending.size();
  }

  /** The room that its answer takes while it waits for the client. */
  public AnswerRoom room() {
    if (room == null) {
      room = starts.room();
    }
    return room;
  }

  /** Whether something may be begun for it: its client does not leave too much unread. */
  public boolean mayBegin() {
    return starts.mayBegin();
  }

  /** Has the connection run a task in a turn, when {@link #mayBegin} says so. */
  public void whenMayBegin(Runnable task) {
    if (starts.mayBegin()) {
      task.run();
    } else if (open) {
      starts.defer(this, task);
    }
  }

  /** A call has begun; {@link #made} follows when its answer is there, or is not wanted. */
  public void begun() {
    starts.begun();
  }

  public void made() {
    starts.made();
  }

  /** The end of the answer, behind all that was sent. */
  public void end(ResponseHead last) {
    if (isSending()) {
      answered = true;
      trailers = last;
      if (pending.isEmpty()) {
        writeEnd();
      }
    }
  }

  /** As {@link #end}, without trailers. */
  public void end() {
    end(null);
  }

  private void writeEnd() {
    if (trailers != null) {
      outflow.head(id, trailers, true);
    } else {
      outflow.endData(this);
    }
    ends.onAnswered(this);
  }

  /** Everything pending has been written. */
  void onWritten() {
    if (answered) {
      writeEnd();
    } else {
      turns.guarded(this, handler::onWritable);
    }
  }

  /** Ends the stream without an answer, or in the midst of it. */
  public void reset(int code) {
    if (open) {
      answered = true;
      ends.reset(this, code);
    }
  }

  /** The handler needs so many bytes of the body no more; the client may send as many again. */
  public void consumed(int bytes) {
    if (open && bytes > 0) {
      inflow.consumed(this, bytes);
    }
  }

  /** So many more bytes are needed before any can be consumed. */
  public void expect(long bytes) {
    if (open && bytes > 0) {
      inflow.expect(this, bytes);
    }
  }

  /** Has the connection run a task in a turn of its own; on any thread. Tasks keep their order. */
  public void execute(Runnable task) {
    turns.execute(this, task);
  }

  /** As {@link #execute}, but at once if the client has ended its half: nothing more will come. */
  public void soon(Runnable task) {
    if (remoteClosed) {
      task.run();
    } else {
      execute(task);
    }
  }

  /** Has the connection run a task later, in a turn, unless it is {@link #cancel}led before. */
  public void after(Duration delay, Runnable task) {
    turns.after(delay, task);
  }

  public void cancel(Runnable task) {
    turns.cancel(task);
  }

  /** Runs streams inside the connection. */
  public Materializer materializer() {
    return turns.materializer();
  }

  /** The bytes or messages of the client, as a source to be run with {@link #materializer}. */
  public <T> RequestSource<T> requestSource(Runnable onPull, Runnable onCancel) {
    return turns.requestSource(this, onPull, onCancel);
  }

  /** What answers, as a sink to be run with {@link #materializer}. */
  public <T> ResponseSink<T> responseSink(ResponseSink.Handler<T> taker) {
    return turns.responseSink(this, taker);
  }

  void handler(StreamHandler chosen) {
    handler = chosen;
  }

  void onData(byte[] bytes, int offset, int length, boolean end) {
    remoteClosed |= end;
    if (isSending() && handler != null) {
      handler.onData(bytes, offset, length, end);
    }
  }

  /** Nothing can be sent any more. */
  void close() {
    open = false;
    pending.clear();
    starts.forget(this);
    if (room != null) {
      room.close();
    }
    inflow.closed(this);
  }

  /** The client, or its connection, has gone. */
  void cancelled() {
    boolean told = isSending();
    answered = true;
    close();
    if (told && handler != null) {
      turns.guarded(this, handler::onCancelled);
    }
  }
}
