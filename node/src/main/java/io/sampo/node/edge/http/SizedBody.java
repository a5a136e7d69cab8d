package io.sampo.node.edge.http;

import org.apache.pekko.util.ByteStringBuilder;

/** A body whose length was said before. */
final class SizedBody implements RequestBodyReader {
  private long missing;

  SizedBody(long length) {
    this.missing = length;
  }

  @Override
  public int read(byte[] bytes, int from, ByteStringBuilder out) {
    int taken = (int) Math.min(missing, bytes.length - from);
    out.putBytes(bytes, from, taken);
    missing -= taken;
    return taken;
  }

  @Override
  public boolean isComplete() {
    return missing == 0;
  }

  @Override
  public String failure() {
    return "";
  }
}
