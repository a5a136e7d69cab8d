package io.sampo.node.edge.http2;

import org.apache.pekko.util.ByteString;

/** The data of a stream that waits for windows, in the order of sending. */
final class PendingData {
  private ByteString bytes = ByteString.emptyByteString();

  /** What comes behind the bytes, or null. */
  private EncodedMessage message;

  private int messageBytes;

  boolean isEmpty() {
    return bytes.isEmpty() && message == null;
  }

  /** In bytes. */
  long size() {
    return (long) bytes.size() + messageBytes;
  }

  /** What it takes in memory, in bytes. */
  long heldBytes() {
    return bytes.size() + (message == null ? 0 : message.heldBytes());
  }

  /** Some bytes; they must not change any more. */
  void add(ByteString more) {
    if (message != null) {
      append(makeMessage(messageBytes));
    }
    append(more);
  }

  /** A message that nothing was written of yet. */
  void add(ByteString prefix, EncodedMessage more) {
    add(prefix);
    if (more.size() > 0) {
      message = more;
      messageBytes = more.size();
    }
  }

  private void append(ByteString more) {
    bytes = bytes.isEmpty() ? more : bytes.concat(more);
  }

  /** Takes the first so many bytes, or all if there are not as many. */
  ByteString take(int max) {
    if (bytes.size() < max && message != null) {
      append(makeMessage(Math.min(max - bytes.size(), messageBytes)));
    }
    ByteString taken = bytes;
    if (bytes.size() <= max) {
      bytes = ByteString.emptyByteString();
    } else {
      taken = bytes.take(max);
      bytes = bytes.drop(max);
    }
    return taken;
  }

  private ByteString makeMessage(int length) {
    byte[] made = new byte[length];
    message.write(made, 0, length);
    messageBytes -= length;
    if (messageBytes == 0) {
      message = null;
    }
    return ByteString.fromArrayUnsafe(made);
  }

  void clear() {
    bytes = ByteString.emptyByteString();
    message = null;
    messageBytes = 0;
  }
}
