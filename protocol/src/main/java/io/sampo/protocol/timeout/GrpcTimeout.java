package io.sampo.protocol.timeout;

import io.sampo.protocol.error.QuotedOctets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The {@code grpc-timeout} header: digits and a unit. A span of more than a hundred days counts as
 * no limit, because no scheduler takes it and nobody sees its end.
 */
public final class GrpcTimeout {
  /** What gRPC allows over HTTP/2. */
  private static final int MAX_DIGITS = 8;

  private static final Pattern GATEWAY_FORM = Pattern.compile("[+-]?[0-9]+[HMSmun]");

  private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(100);

  /** A shorter span is over when its header is read; a timer would let a quick call pass. */
  private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(1);

  private GrpcTimeout() {}

  /**
   * The span of a gRPC call in nanoseconds, made without garbage: above 0, or 0 for no limit, or -1
   * for one that is over.
   *
   * @throws IllegalArgumentException if the value is not of the header's form, in grpc-go's words
   */
  public static long parseNanos(String value) {
    long nanos = parse(value);
    return nanos < SHORTEST_NANOS ? -1 : nanos > LONGEST_NANOS ? 0 : nanos;
  }

  /**
   * The span of a call by the JSON gateway, below 0 for one that is over; empty for no limit, which
   * to grpc-gateway a zero is. It may have a sign and any number of digits that fits 64 bits, and
   * its product with the unit wraps around, as Go's does (etcd 3.7.1).
   *
   * @throws IllegalArgumentException if the value is not of the header's form
   */
  public static Optional<Duration> parseGateway(String value) {
    if (!GATEWAY_FORM.matcher(value).matches()) {
      throw malformed(value);
    }
    long amount = Long.parseLong(value, 0, value.length() - 1, 10);
    long nanos = amount * unit(value).toNanos(1);
    if (nanos == 0 || nanos > LONGEST_NANOS) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(nanos < SHORTEST_NANOS ? -1 : nanos));
  }

  /** At most {@link Long#MAX_VALUE}, which stands for all that is longer. */
  private static long parse(String value) {
    int digits = value.length() - 1;
    if (digits < 1) {
      throw malformed("transport: timeout string is too short: \"" + value + '"');
    }
    if (digits > MAX_DIGITS) {
      throw malformed("transport: timeout string is too long: \"" + value + '"');
    }
    TimeUnit unit = unit(value);
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') {
        throw malformed(
            "strconv.ParseUint: parsing "
                + QuotedOctets.of(value.substring(0, digits))
                + ": invalid syntax");
      }
      amount = amount * 10 + (digit - '0');
    }
    return unit.toNanos(amount);
  }

  private static TimeUnit unit(String value) {
    return switch (value.charAt(value.length() - 1)) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default -> throw malformed("transport: timeout unit is not recognized: \"" + value + '"');
    };
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("malformed grpc-timeout: " + why);
  }
}
