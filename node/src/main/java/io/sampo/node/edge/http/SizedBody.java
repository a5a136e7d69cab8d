package io.sampo.node.edge.http;

import org.apache.pekko.util.ByteStringBuilder;

/** A body whose length was said before. */
final class SizedBody implements RequestBodyReader {
  private final boolean isChunked;
  private long missing;

  /**
   * @param isChunked whether it is passed on in chunks
   */
  SizedBody(long length, boolean isChunked) {
    this.missing = length;
    this.isChunked = isChunked;
  }

  @Override
  public int read(byte[] bytes, int from, ByteStringBuilder out) {
    int taken = (int) Math.min(missing, bytes.length - from);
    if (isChunked) {
      ChunkedBody.pass(bytes, from, taken, out);
    } else {
      out.putBytes(bytes, from, taken);
    }
    missing -= taken;
    if (isChunked && missing == 0) {
      out.putBytes(ChunkedBody.LAST);
    }
    return taken;
  }

  @Override
  public boolean isComplete() {
    return missing == 0;
  }

  @Override
  public long missingBytes() {
    return missing;
  }

  @Override
  public boolean isChunked() {
    return isChunked;
  }

  @Override
  public String failure() {
    return "";
  }
}
