package io.sampo.node.boot.flag;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Where the keys of etcd's configuration file stand in its Go structs, and which flag each is. */
final class FileKeys {
  /** Flags that no key of the file stands for. */
  private static final Set<String> NOT_IN_FILES =
      Set.of(
          "config-file",
          "version",
          "discovery-fallback",
          "raft-read-timeout",
          "raft-write-timeout",
          "socket-reuse-port",
          "socket-reuse-address");

  /** Settings of security that stand outside of the two sections. */
  private static final Set<String> TOP_LEVEL_SECURITY =
      Set.of(
          "tls-min-version",
          "tls-max-version",
          "cors",
          "host-whitelist",
          "cipher-suites",
          "self-signed-cert-validity");

  /** Members of etcd's second struct. */
  private static final Set<String> SECOND_STRUCT =
      Set.of(
          "listen-peer-urls",
          "listen-client-urls",
          "listen-client-http-urls",
          "initial-advertise-peer-urls",
          "advertise-client-urls",
          "cors",
          "host-whitelist",
          "feature-gates");

  private static final String CLIENT = "client-transport-security";
  static final String PEER = "peer-transport-security";

  private static final FileKeys ETCD = new FileKeys(FlagTable.etcd());

  /** What a key stands for. */
  sealed interface Target {
    /** One value; {@code field} is the Go field without its struct. */
    record Value(FlagSpec spec, String field) implements Target {}

    /** A section; {@code type} is its Go type. */
    record Section(String field, String type, Map<String, Target> keys) implements Target {
      /** The type without its package, as Go names the struct of a field. */
      String struct() {
        return type.substring(type.indexOf('.') + 1);
      }
    }
  }

  private final FlagTable table;
  private final Target.Section root =
      new Target.Section("", "embed.configYAML", new LinkedHashMap<>());

  private FileKeys(FlagTable table) {
    this.table = table;
    for (FlagSpec spec : table.all()) {
      if (isTopLevel(spec)) {
        put(root, spec.name(), spec.name());
      }
    }
    security(CLIENT, "", "client-");
    security(PEER, "peer-", "peer-");
    Target.Section socket = section(root, "socket-options", "transport.SocketOpts");
    put(socket, "reuse-port", "socket-reuse-port");
    put(socket, "reuse-address", "socket-reuse-address");
    discovery();
  }

  /** The whole file. */
  static Target.Section root() {
    return ETCD.root;
  }

  private static boolean isTopLevel(FlagSpec spec) {
    boolean discovery = spec.name().startsWith("discovery-");
    return !NOT_IN_FILES.contains(spec.name())
        && spec.type() != FlagType.IGNORED
        && (!spec.section().equals("Security") || TOP_LEVEL_SECURITY.contains(spec.name()))
        && (!discovery || spec.name().startsWith("discovery-srv"))
        && !spec.name().equals("peer-skip-client-san-verification");
  }

  private void security(String name, String prefix, String side) {
    Target.Section section = section(root, name, "embed.securityConfig");
    for (String key : new String[] {"cert-file", "key-file", "client-cert-file"}) {
      put(section, key, prefix + key);
    }
    for (String key : new String[] {"client-key-file", "client-cert-auth", "trusted-ca-file"}) {
      put(section, key, prefix + key);
    }
    put(section, "auto-tls", prefix + "auto-tls");
    put(section, "allowed-cn", side + "cert-allowed-cn");
    put(section, "allowed-hostname", side + "cert-allowed-hostname");
    put(section, "skip-client-san-verification", side + "skip-client-san-verification");
    // etcd has no key for this one.
    put(section, "crl-file", side + "crl-file");
  }

  private void discovery() {
    Target.Section discovery = section(root, "discovery-config", "v3discovery.DiscoveryConfig");
    put(discovery, "token", "discovery-token");
    Target.Section client = section(discovery, "client", "clientv3.ConfigSpec");
    put(client, "endpoints", "discovery-endpoints");
    put(client, "request-timeout", "discovery-request-timeout");
    put(client, "dial-timeout", "discovery-dial-timeout");
    put(client, "keepalive-time", "discovery-keepalive-time");
    put(client, "keepalive-timeout", "discovery-keepalive-timeout");
    Target.Section secure = section(client, "secure", "clientv3.SecureConfig");
    put(secure, "cert", "discovery-cert");
    put(secure, "key", "discovery-key");
    put(secure, "cacert", "discovery-cacert");
    put(secure, "insecure-transport", "discovery-insecure-transport");
    put(secure, "insecure-skip-tls-verify", "discovery-insecure-skip-tls-verify");
    Target.Section auth = section(client, "auth", "clientv3.AuthConfig");
    put(auth, "username", "discovery-user");
    put(auth, "password", "discovery-password");
  }

  private static Target.Section section(Target.Section parent, String key, String type) {
    Target.Section section = new Target.Section(field(parent, key), type, new LinkedHashMap<>());
    parent.keys().put(key, section);
    return section;
  }

  private void put(Target.Section section, String key, String flag) {
    section.keys().put(key, new Target.Value(table.getForFile(flag), field(section, key)));
  }

  private static String field(Target.Section section, String key) {
    if (!section.field().isEmpty()) {
      return section.field() + "." + key;
    }
    boolean second = SECOND_STRUCT.contains(key) || key.equals(CLIENT) || key.equals(PEER);
    return (second ? "configJSON." : "Config.") + key;
  }

  /** What a key of the section stands for, whatever its case; null if nothing. */
  static Target find(Target.Section section, String key) {
    Target exact = section.keys().get(key);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, Target> entry : section.keys().entrySet()) {
      if (entry.getKey().equalsIgnoreCase(key)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
