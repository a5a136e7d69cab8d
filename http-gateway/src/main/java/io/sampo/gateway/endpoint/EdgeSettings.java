package io.sampo.gateway.endpoint;

import java.util.Set;

/**
 * How the HTTP side of one kind of listener behaves.
 *
 * @param gateway whether the JSON gateway is on ({@code --enable-grpc-gateway})
 * @param corsOrigins allowed origins ({@code --cors}); empty or with {@code *} allows all
 * @param hostWhitelist allowed names in Host headers on listeners without TLS ({@code
 *     --host-whitelist}); empty or with {@code *} allows all
 * @param secure whether the listener speaks TLS
 * @param clientCertificateAuth whether clients are known by their certificates ({@code
 *     --client-cert-auth})
 * @param maxMessageBytes gRPC's receive limit: {@code --max-request-bytes} and 512 KiB
 */
public record EdgeSettings(
    boolean gateway,
    Set<String> corsOrigins,
    Set<String> hostWhitelist,
    boolean secure,
    boolean clientCertificateAuth,
    int maxMessageBytes) {
  public EdgeSettings {
    corsOrigins = Set.copyOf(corsOrigins);
    hostWhitelist = Set.copyOf(hostWhitelist);
  }
}
