package io.sampo.tests.sim.client;

import com.google.protobuf.ByteString;

/** The few keys that everybody wants. */
public final class Keys {
  private Keys() {}

  public static ByteString key(int number) {
    return ByteString.copyFromUtf8("k" + (char) ('a' + number));
  }

  /** Of a lease. */
  public static ByteString leased(String client, int number) {
    return ByteString.copyFromUtf8("lease/" + client + "/" + number);
  }

  /** The end of a range that begins with this key and holds all after it. */
  public static ByteString toTheEnd() {
    return ByteString.copyFrom(new byte[] {0});
  }
}
