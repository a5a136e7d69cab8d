package io.sampo.node.edge.http2;

/** A message whose bytes are there. */
final class WholeMessage implements EncodedMessage {
  private final byte[] bytes;
  private int written;

  WholeMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int size() {
    return bytes.length;
  }

  @Override
  public void write(byte[] target, int offset, int length) {
    System.arraycopy(bytes, written, target, offset, length);
    written += length;
  }

  @Override
  public byte[] toByteArray() {
    return bytes;
  }
}
