package io.sampo.node.api.grpc;

import java.util.concurrent.TimeUnit;

/** The {@code grpc-timeout} header: up to eight digits and a unit. */
final class GrpcTimeout {
  private static final int MAX_DIGITS = 8;

  private GrpcTimeout() {}

  /**
   * The span in nanoseconds, saturated at {@link Long#MAX_VALUE} and never 0, which would mean
   * none.
   *
   * @throws IllegalArgumentException if the value is not of the header's form
   */
  static long parseNanos(String value) {
    int digits = value.length() - 1;
    if (digits < 1 || digits > MAX_DIGITS) {
      throw new IllegalArgumentException("malformed grpc-timeout: " + value);
    }
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') {
        throw new IllegalArgumentException("malformed grpc-timeout: " + value);
      }
      amount = amount * 10 + (digit - '0');
    }
    return Math.max(1, unit(value.charAt(digits), value).toNanos(amount));
  }

  private static TimeUnit unit(char unit, String value) {
    return switch (unit) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default -> throw new IllegalArgumentException("malformed grpc-timeout: " + value);
    };
  }
}
