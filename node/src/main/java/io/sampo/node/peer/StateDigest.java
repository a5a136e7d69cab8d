package io.sampo.node.peer;

import com.google.protobuf.ByteString;
import io.sampo.protocol.raftpb.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;

/**
 * SHA-256 of the database that goes with a MsgSnap, in the message's {@code context}, which etcd
 * neither sets nor reads there: a database page has no checksum, so that without it a wrong bit in
 * a value would be restored.
 */
public final class StateDigest {
  private static final int PIECE = 1 << 16;

  private StateDigest() {}

  /** The message with the digest of the database that these pieces make up. */
  public static Message sign(Message message, Iterator<byte[]> database) {
    MessageDigest digest = sha256();
    database.forEachRemaining(digest::update);
    return message.toBuilder().setContext(ByteString.copyFrom(digest.digest())).build();
  }

  /**
   * Looks whether the file is what was sent; a message of etcd's says nothing about that.
   *
   * @throws IOException if it is not
   */
  static void check(Message message, Path database) throws IOException {
    if (message.getContext().isEmpty()) {
      return;
    }
    MessageDigest digest = sha256();
    byte[] piece = new byte[PIECE];
    try (InputStream content = Files.newInputStream(database)) {
      for (int read = content.read(piece); read >= 0; read = content.read(piece)) {
        digest.update(piece, 0, read);
      }
    }
    if (!message.getContext().equals(ByteString.copyFrom(digest.digest()))) {
      throw new IOException("the database is not what was sent: its SHA-256 differs");
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
