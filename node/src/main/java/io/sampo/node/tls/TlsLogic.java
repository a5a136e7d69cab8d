package io.sampo.node.tls;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;

/** What {@link TlsStage} does. */
final class TlsLogic extends TimerGraphStageLogic {
  private static final String LATE = "late";
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** How much is encrypted at once; what is more waits until that is on its way. */
  private static final int BATCH_BYTES = 64 * 1024;

  /** A record, and room for what Java adds. Used within one step only. */
  private static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> ByteBuffer.allocate(40 * 1024));

  private final TlsStage stage;
  private final TlsConnection connection;
  private final Duration limit;
  private SSLEngine engine;
  private boolean established;

  /** Came in and is not decrypted: less than a record, unless nobody asks for more. */
  private ByteBuffer cipher = NOTHING;

  /** To be encrypted. */
  private ByteString plain = ByteString.emptyByteString();

  /** Encrypted, and not asked for yet. */
  private ByteString outgoing = ByteString.emptyByteString();

  private boolean inboundEnded;

  TlsLogic(TlsStage stage, TlsConnection connection, Duration limit) {
    super(stage.shape());
    this.stage = stage;
    this.connection = connection;
    this.limit = limit;
    setHandler(stage.cipherIn, new CipherIn());
    setHandler(stage.plainOut, new PlainOut());
    setHandler(stage.plainIn, new PlainIn());
    setHandler(stage.cipherOut, new CipherOut());
  }

  @Override
  public void preStart() throws SSLException {
    engine = connection.engine();
    engine.beginHandshake();
    scheduleOnce(LATE, limit);
    pull(stage.cipherIn);
  }

  @Override
  public void onTimer(Object key) {
    connection.onLate();
    completeStage();
  }

  /** Does whatever can be done now. */
  private void advance() {
    try {
      handshake();
      decrypt();
      encrypt();
    } catch (SSLException e) {
      fail(e);
      return;
    }
    pushOutgoing();
    if (isClosed(stage.cipherOut)) {
      return;
    }
    endIfOver();
    readOn();
  }

  private void handshake() throws SSLException {
    while (!engine.isOutboundDone()) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          Runnable task = engine.getDelegatedTask();
          while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
          }
        }
        case NEED_WRAP -> {
          if (wrap(NOTHING).getStatus() == Status.CLOSED) {
            return;
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!cipher.hasRemaining() || !unwrapInHandshake()) {
            return;
          }
        }
        default -> {
          if (!established) {
            onEstablished();
          }
          return;
        }
      }
    }
  }

  private void onEstablished() {
    established = true;
    cancelTimer(LATE);
    connection.onSession(engine.getSession());
  }

  /** Whether it came further. */
  private boolean unwrapInHandshake() throws SSLException {
    ByteBuffer target = scratch();
    SSLEngineResult result = unwrap(target);
    target.flip();
    if (target.hasRemaining()) {
      throw new SSLException("data within the handshake");
    }
    onFinished(result);
    return result.getStatus() == Status.OK && result.bytesConsumed() > 0
        || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
        || result.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
  }

  private void onFinished(SSLEngineResult result) {
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && !established) {
      onEstablished();
    }
  }

  private SSLEngineResult unwrap(ByteBuffer target) throws SSLException {
    SSLEngineResult result = engine.unwrap(cipher, target);
    if (result.getStatus() == Status.CLOSED) {
      inboundEnded = true;
    }
    return result;
  }

  private void decrypt() throws SSLException {
    if (!established || !isAvailable(stage.plainOut) || inboundEnded) {
      return;
    }
    ByteStringBuilder heard = new ByteStringBuilder();
    boolean more = cipher.hasRemaining();
    while (more) {
      ByteBuffer target = scratch();
      SSLEngineResult result = unwrap(target);
      target.flip();
      if (target.hasRemaining()) {
        heard.append(ByteString.fromByteBuffer(target));
      }
      if (needsHandshake(result.getHandshakeStatus())) {
        handshake();
      }
      more = result.getStatus() == Status.OK && result.bytesConsumed() > 0 && cipher.hasRemaining();
    }
    if (!cipher.hasRemaining()) {
      cipher = NOTHING;
    }
    if (heard.length() > 0) {
      push(stage.plainOut, heard.result());
    }
  }

  private static boolean needsHandshake(HandshakeStatus status) {
    return status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP;
  }

  private void encrypt() throws SSLException {
    if (!established || outgoing.size() >= BATCH_BYTES) {
      return;
    }
    while (!plain.isEmpty() && outgoing.size() < BATCH_BYTES) {
      SSLEngineResult result = wrap(plain.asByteBuffer());
      if (result.getStatus() == Status.CLOSED) {
        plain = ByteString.emptyByteString();
        return;
      }
      plain = plain.drop(result.bytesConsumed());
      handshake();
    }
  }

  private SSLEngineResult wrap(ByteBuffer source) throws SSLException {
    ByteBuffer target = scratch();
    SSLEngineResult result = engine.wrap(source, target);
    target.flip();
    if (target.hasRemaining()) {
      outgoing = outgoing.concat(ByteString.fromByteBuffer(target));
    }
    onFinished(result);
    return result;
  }

  private static ByteBuffer scratch() {
    return SCRATCH.get().clear();
  }

  private void pushOutgoing() {
    if (!outgoing.isEmpty() && isAvailable(stage.cipherOut)) {
      push(stage.cipherOut, outgoing);
      outgoing = ByteString.emptyByteString();
    }
  }

  private void readOn() {
    boolean wanted = !established || isAvailable(stage.plainOut) || isClosed(stage.plainOut);
    if (wanted && !isClosed(stage.cipherIn) && !hasBeenPulled(stage.cipherIn)) {
      pull(stage.cipherIn);
    }
    boolean roomToWrite = established && plain.isEmpty() && outgoing.isEmpty();
    if (roomToWrite && !isClosed(stage.plainIn) && !hasBeenPulled(stage.plainIn)) {
      pull(stage.plainIn);
    }
  }

  private void endIfOver() {
    boolean heardAll = inboundEnded || isClosed(stage.cipherIn) && !isDecryptable();
    if (heardAll && !isClosed(stage.plainOut)) {
      complete(stage.plainOut);
    }
    if (!established && isClosed(stage.cipherIn)) {
      connection.onEnd(Optional.empty());
      completeStage();
    } else if (isClosed(stage.plainIn) && plain.isEmpty()) {
      closeOutbound();
      completeStage();
    }
  }

  /** Whether bytes wait that nobody has asked for, and not only a part of a record. */
  private boolean isDecryptable() {
    return cipher.hasRemaining() && !isAvailable(stage.plainOut) && !isClosed(stage.plainOut);
  }

  /** All that was given is encrypted; what is not on its way yet goes with the last word. */
  private void closeOutbound() {
    engine.closeOutbound();
    try {
      while (!engine.isOutboundDone()) {
        SSLEngineResult result = wrap(NOTHING);
        if (result.getStatus() != Status.OK || result.bytesProduced() == 0) {
          break;
        }
      }
    } catch (SSLException e) {
      // The failure was told before; there is no more to say than what is outgoing.
      plain = ByteString.emptyByteString();
    }
    if (!outgoing.isEmpty() && !isClosed(stage.cipherOut)) {
      ByteString last = outgoing;
      outgoing = ByteString.emptyByteString();
      emit(stage.cipherOut, last);
    }
  }

  private void fail(SSLException failure) {
    if (!established) {
      connection.onEnd(Optional.of(failure));
    }
    closeOutbound();
    complete(stage.cipherOut);
    fail(stage.plainOut, failure);
    completeStage();
  }

  private final class CipherIn extends AbstractInHandler {
    @Override
    public void onPush() {
      append(grab(stage.cipherIn).toArray());
      advance();
    }

    @Override
    public void onUpstreamFinish() {
      advance();
    }

    private void append(byte[] bytes) {
      if (isClosed(stage.plainOut)) {
        cipher = NOTHING;
      } else if (cipher.hasRemaining()) {
        ByteBuffer both = ByteBuffer.allocate(cipher.remaining() + bytes.length);
        cipher = both.put(cipher).put(bytes).flip();
      } else {
        cipher = ByteBuffer.wrap(bytes);
      }
    }

    @Override
    public void onUpstreamFailure(Throwable failure) {
      if (!established) {
        connection.onEnd(Optional.of(failure));
      }
      failStage(failure);
    }
  }

  private final class PlainOut extends AbstractOutHandler {
    @Override
    public void onPull() {
      advance();
    }

    @Override
    public void onDownstreamFinish(Throwable cause) {
      advance();
    }
  }

  private final class PlainIn extends AbstractInHandler {
    @Override
    public void onPush() {
      plain = grab(stage.plainIn).compact();
      advance();
    }

    @Override
    public void onUpstreamFinish() {
      advance();
    }
  }

  private final class CipherOut extends AbstractOutHandler {
    @Override
    public void onPull() {
      advance();
    }
  }
}
