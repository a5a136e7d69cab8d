package io.sampo.node.edge.grpc;

import java.util.concurrent.TimeUnit;

/** The {@code grpc-timeout} header: up to eight digits and a unit. */
final class GrpcTimeout {
  private static final int MAX_DIGITS = 8;

  /** Nothing is answered in so short a time: grpc-go finds it over before it looks at the call. */
  private static final long SHORTEST_NANOS = 10_000;

  /** A scheduler takes no longer span; a call that lasts so long has no deadline. */
  private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(100);

  private GrpcTimeout() {}

  /**
   * The span in nanoseconds: above 0, or 0 for one so long that nobody will see its end, or -1 for
   * one that is over.
   *
   * @throws IllegalArgumentException if the value is not of the header's form, in grpc-go's words
   */
  static long parseNanos(String value) {
    int digits = value.length() - 1;
    if (digits < 1) {
      throw malformed("transport: timeout string is too short: " + GoText.quoted(value));
    }
    if (digits > MAX_DIGITS) {
      throw malformed("transport: timeout string is too long: " + GoText.quoted(value));
    }
    TimeUnit unit = unit(value);
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') {
        throw malformed(
            "strconv.ParseUint: parsing "
                + GoText.quoted(value.substring(0, digits))
                + ": invalid syntax");
      }
      amount = amount * 10 + (digit - '0');
    }
    long nanos = unit.toNanos(amount);
    return nanos < SHORTEST_NANOS ? -1 : nanos > LONGEST_NANOS ? 0 : nanos;
  }

  private static TimeUnit unit(String value) {
    return switch (value.charAt(value.length() - 1)) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default ->
          throw malformed("transport: timeout unit is not recognized: " + GoText.quoted(value));
    };
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("malformed grpc-timeout: " + why);
  }
}
