package io.sampo.node.edge.http2;

/**
 * An encoded gRPC message whose bytes are made when they can leave, so that a large one that waits
 * for its client takes no memory for them. Used in the turns of one connection.
 */
public interface EncodedMessage {

  /** In bytes. */
  int size();

  /** Makes the next bytes; all calls together ask for {@link #size}. */
  void write(byte[] target, int offset, int length);

  /** What it keeps in memory until all of it is written, in bytes. */
  default long heldBytes() {
    return size();
  }

  /** All of it, if nothing was written yet. */
  default byte[] toByteArray() {
    byte[] bytes = new byte[size()];
    write(bytes, 0, bytes.length);
    return bytes;
  }

  /** One that is there already; the array must not change any more. */
  static EncodedMessage of(byte[] bytes) {
    return new WholeMessage(bytes);
  }
}
