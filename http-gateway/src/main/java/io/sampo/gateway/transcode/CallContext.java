package io.sampo.gateway.transcode;

import io.sampo.protocol.timeout.GrpcTimeout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.util.ByteString;

/**
 * What of an HTTP request goes with the call: its metadata and its time limit. As in grpc-gateway,
 * {@code Authorization} goes as it is, {@code Grpc-Metadata-X} goes as {@code x}, headers that IANA
 * lists as permanent get the prefix {@code grpcgateway-}, all others stay behind.
 *
 * @param timeout below 0 if it is over already
 * @param requiresLeader whether the call is to fail when there is no leader
 * @param gone completes when the client leaves
 */
record CallContext(
    Metadata metadata,
    Optional<Duration> timeout,
    boolean requiresLeader,
    CompletableFuture<Done> gone) {
  private static final String METADATA_PREFIX = "grpc-metadata-";
  private static final String HAS_LEADER = METADATA_PREFIX + "hasleader";

  private static final Set<String> PERMANENT =
      Set.of(
          "accept",
          "accept-charset",
          "accept-language",
          "accept-ranges",
          "authorization",
          "cache-control",
          "content-type",
          "cookie",
          "date",
          "expect",
          "from",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-schedule-tag-match",
          "if-unmodified-since",
          "max-forwards",
          "origin",
          "pragma",
          "referer",
          "user-agent",
          "via",
          "warning");

  /** Thrown as a value: the text of the answer with status 400. */
  static final class InvalidHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidHeaderException(String message) {
      super(message, null, false, false);
    }
  }

  static CallContext of(HttpRequest request) throws InvalidHeaderException {
    MetadataBuilder metadata = new MetadataBuilder();
    Optional<Duration> timeout = Optional.empty();
    boolean requiresLeader = false;
    for (HttpHeader header : request.getHeaders()) {
      String name = header.lowercaseName();
      if (name.equals("authorization")) {
        addText(metadata, name, header.value());
      }
      if (name.equals("grpc-timeout")) {
        timeout = parseTimeout(header.value());
      } else if (name.startsWith(METADATA_PREFIX)) {
        add(metadata, name, header.value());
        requiresLeader |= name.equals(HAS_LEADER) && header.value().equals("true");
      } else if (PERMANENT.contains(name) && !name.equals("host")) {
        addText(metadata, "grpcgateway-" + name, header.value());
      }
    }
    addForwarded(metadata, request);
    return new CallContext(metadata.build(), timeout, requiresLeader, ClientGone.of(request));
  }

  private static void add(MetadataBuilder metadata, String header, String value)
      throws InvalidHeaderException {
    String key = header.substring(METADATA_PREFIX.length());
    if (!key.matches("[-._0-9a-z]+")) {
      return;
    }
    if (!header.endsWith("-bin")) {
      addText(metadata, key, value);
      return;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(value);
      metadata.addBinary(key, ByteString.fromArrayUnsafe(decoded));
    } catch (IllegalArgumentException e) {
      throw new InvalidHeaderException(
          "invalid binary header " + canonical(header) + ": illegal base64 data at input byte 0");
    }
  }

  /** gRPC allows printable ASCII only; a value with other characters is left out, not refused. */
  private static void addText(MetadataBuilder metadata, String key, String value) {
    if (value.chars().allMatch(symbol -> symbol >= 0x20 && symbol <= 0x7e)) {
      metadata.addText(key, value);
    }
  }

  private static void addForwarded(MetadataBuilder metadata, HttpRequest request) {
    request
        .getHeader("x-forwarded-host")
        .or(() -> request.getHeader("host"))
        .ifPresent(header -> addText(metadata, "x-forwarded-host", header.value()));
    String addresses = values(request, "x-forwarded-for");
    Optional<String> remote =
        request
            .getAttribute(AttributeKeys.remoteAddress)
            .flatMap(RemoteAddress::getAddress)
            .map(address -> address.getHostAddress());
    if (remote.isPresent()) {
      addresses = addresses.isEmpty() ? remote.get() : addresses + ", " + remote.get();
    }
    if (!addresses.isEmpty()) {
      addText(metadata, "x-forwarded-for", addresses);
    }
  }

  private static String values(HttpRequest request, String name) {
    StringBuilder values = new StringBuilder();
    for (HttpHeader header : request.getHeaders()) {
      if (header.lowercaseName().equals(name)) {
        values.append(values.isEmpty() ? "" : ", ").append(header.value());
      }
    }
    return values.toString();
  }

  private static Optional<Duration> parseTimeout(String text) throws InvalidHeaderException {
    try {
      return GrpcTimeout.parseGateway(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidHeaderException("invalid grpc-timeout: " + text);
    }
  }

  /** {@code grpc-metadata-x-bin} as Go writes it: {@code Grpc-Metadata-X-Bin}. */
  private static String canonical(String lowercase) {
    return Arrays.stream(lowercase.split("-"))
        .map(
            word ->
                word.isEmpty()
                    ? ""
                    : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining("-"));
  }
}
