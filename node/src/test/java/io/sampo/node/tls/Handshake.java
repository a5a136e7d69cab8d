package io.sampo.node.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Two engines shake hands in memory. */
public final class Handshake {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_TURNS = 200;

  private Handshake() {}

  /**
   * Until both are done.
   *
   * @throws SSLException of the side that refused
   */
  public static void run(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
    ByteBuffer toClient = ByteBuffer.allocate(BUFFER);
    client.beginHandshake();
    server.beginHandshake();
    SSLException refused = null;
    for (int turn = 0; turn < MAX_TURNS; turn++) {
      boolean moved = false;
      try {
        moved = step(client, toClient, toServer);
        moved |= step(server, toServer, toClient);
      } catch (SSLException e) {
        refused = e;
        break;
      }
      if (!moved) {
        break;
      }
    }
    if (refused != null) {
      throw refused;
    }
    if (isShaking(client) || isShaking(server)) {
      throw new SSLException("the handshake stands still");
    }
  }

  private static boolean isShaking(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private static boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    boolean moved = false;
    for (int i = 0; i < MAX_TURNS; i++) {
      Runnable task = engine.getDelegatedTask();
      if (task != null) {
        task.run();
        moved = true;
        continue;
      }
      boolean wrap = engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
      if (!wrap && in.position() == 0) {
        return moved;
      }
      SSLEngineResult result = wrap ? wrap(engine, out) : unwrap(engine, in);
      if (result.bytesConsumed() + result.bytesProduced() == 0) {
        return moved;
      }
      moved = true;
    }
    return moved;
  }

  private static SSLEngineResult wrap(SSLEngine engine, ByteBuffer out) throws SSLException {
    return engine.wrap(ByteBuffer.allocate(0), out);
  }

  private static SSLEngineResult unwrap(SSLEngine engine, ByteBuffer in) throws SSLException {
    in.flip();
    try {
      return engine.unwrap(in, ByteBuffer.allocate(BUFFER));
    } finally {
      in.compact();
    }
  }
}
