package io.sampo.tests.load;

import java.nio.charset.StandardCharsets;

/** Keys of 45 bytes, the usual length in a Kubernetes store: a prefix and a decimal number. */
public final class KeySpace {

  static final String PREFIX = "/registry/configmaps/benchmark-load/";

  /** Length of each key in bytes. */
  static final int KEY_BYTES = 45;

  static final int DIGITS = KEY_BYTES - PREFIX.length();

  private KeySpace() {}

  /** The key of that number. */
  static byte[] key(int number) {
    byte[] key = (PREFIX + "0".repeat(DIGITS)).getBytes(StandardCharsets.US_ASCII);
    writeDigits(key, KEY_BYTES, number);
    return key;
  }

  /** The first key after all keys. */
  static byte[] end() {
    return (PREFIX.substring(0, PREFIX.length() - 1) + '0').getBytes(StandardCharsets.US_ASCII);
  }

  /** Writes the number right-aligned before {@code end}, over the digits that are there. */
  static void writeDigits(byte[] bytes, int end, int number) {
    int rest = number;
    for (int i = 1; i <= DIGITS; i++) {
      bytes[end - i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
