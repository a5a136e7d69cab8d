package io.sampo.node.boot;

import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.tls.TlsSettings;

/** What the flags of TLS come to; whether the files are any good is found out at the start. */
final class SecurityFlags {
  private SecurityFlags() {}

  static NodeConfig.Security of(FlagValues values) {
    return new NodeConfig.Security(
        client(values),
        values.bool("auto-tls"),
        peer(values),
        values.bool("peer-auto-tls"),
        values.number("self-signed-cert-validity"));
  }

  private static TlsSettings client(FlagValues values) {
    return new TlsSettings(
        new TlsSettings.Files(
            values.string("cert-file"),
            values.string("key-file"),
            values.string("client-cert-file"),
            values.string("client-key-file"),
            values.string("trusted-ca-file"),
            values.string("client-crl-file")),
        values.bool("client-cert-auth"),
        values.strings("client-cert-allowed-cn"),
        values.strings("client-cert-allowed-hostname"),
        values.bool("client-skip-client-san-verification"),
        false,
        protocol(values));
  }

  private static TlsSettings peer(FlagValues values) {
    return new TlsSettings(
        new TlsSettings.Files(
            values.string("peer-cert-file"),
            values.string("peer-key-file"),
            values.string("peer-client-cert-file"),
            values.string("peer-client-key-file"),
            values.string("peer-trusted-ca-file"),
            values.string("peer-crl-file")),
        values.bool("peer-client-cert-auth"),
        values.strings("peer-cert-allowed-cn"),
        values.strings("peer-cert-allowed-hostname"),
        values.bool("peer-skip-client-san-verification"),
        false,
        protocol(values));
  }

  private static TlsSettings.Protocol protocol(FlagValues values) {
    return new TlsSettings.Protocol(
        values.strings("cipher-suites"),
        values.string("tls-min-version"),
        values.string("tls-max-version"));
  }
}
