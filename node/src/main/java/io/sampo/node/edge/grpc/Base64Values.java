package io.sampo.node.edge.grpc;

/** The values of {@code -bin} headers: base64 with its padding or without. */
final class Base64Values {
  private Base64Values() {}

  /** Where a value stops being base64, as Go's decoder counts, or -1. */
  static int firstBad(String value) {
    int length = value.length();
    int end = length;
    if (length % 4 == 0) {
      for (int i = 0; i < 2 && end > 0 && value.charAt(end - 1) == '='; i++) {
        end--;
      }
    } else if (length % 4 == 1) {
      int bad = firstForeign(value, length);
      return bad < 0 ? length - 1 : bad;
    }
    return firstForeign(value, end);
  }

  private static int firstForeign(String value, int end) {
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      boolean digit =
          c >= 'A' && c <= 'Z'
              || c >= 'a' && c <= 'z'
              || c >= '0' && c <= '9'
              || c == '+'
              || c == '/';
      if (!digit) {
        return i;
      }
    }
    return -1;
  }
}
