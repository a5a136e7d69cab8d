package io.sampo.node.boot;

import io.sampo.node.boot.flag.FlagValues;
import io.sampo.node.discovery.DiscoverySettings;

/** What the flags of discovery come to; whether the files are any good is found out by its use. */
final class DiscoveryFlags {
  private DiscoveryFlags() {}

  static DiscoverySettings of(FlagValues values) {
    return new DiscoverySettings(
        values.string("discovery-token"),
        values.strings("discovery-endpoints"),
        new DiscoverySettings.Client(
            values.number("discovery-dial-timeout"),
            values.number("discovery-request-timeout"),
            values.number("discovery-keepalive-time"),
            values.number("discovery-keepalive-timeout"),
            new DiscoverySettings.Tls(
                values.bool("discovery-insecure-transport"),
                values.bool("discovery-insecure-skip-tls-verify"),
                values.string("discovery-cert"),
                values.string("discovery-key"),
                values.string("discovery-cacert")),
            values.string("discovery-user"),
            values.string("discovery-password")),
        new DiscoverySettings.Dns(
            values.string("discovery-srv"), values.string("discovery-srv-name")));
  }
}
