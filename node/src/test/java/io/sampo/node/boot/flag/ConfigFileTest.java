package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
  private static final String DECODING =
      "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ";

  @TempDir private Path folder;
  private final FlagValues values = new FlagValues(FlagTable.etcd());

  @Test
  void keysAreFlagsAndDurationsAreNanoseconds() throws Exception {
    List<Notice> notices =
        read(
            """
            name: 'm1'
            data-dir:
            snapshot-count: 7
            pre-vote: false
            warning-apply-duration: 1500000
            listen-client-urls: http://10.0.0.1:2379,http://127.0.0.1:2379
            log-outputs: [stderr, /tmp/x]
            auto-compaction-retention: "1"
            feature-gates: LeaseCheckpoint=true
            auth-token: simple,a=b
            auth-token-ttl: 9
            bcrypt-cost: 8
            client-transport-security:
              cert-file: c
              client-cert-auth: true
              allowed-cn: [c]
              crl-file: r
            peer-transport-security:
              cert-file: p
              allowed-cn: [a, b]
            """);

    assertEquals(List.of(), notices);
    assertEquals("m1", values.string("name"));
    assertEquals("", values.string("data-dir"));
    assertEquals(7, values.number("snapshot-count"));
    assertFalse(values.bool("pre-vote"));
    assertEquals(1_500_000, values.number("warning-apply-duration"));
    assertEquals(2, values.urls("listen-client-urls").size());
    assertEquals(List.of("stderr", "/tmp/x"), values.strings("log-outputs"));
    assertEquals("1", values.string("auto-compaction-retention"));
    assertTrue(values.featureGates().isEnabled(FeatureGates.Gate.LeaseCheckpoint));
    assertEquals("simple,a=b", values.string("auth-token"));
    assertEquals(9, values.number("auth-token-ttl"));
    assertEquals(8, values.number("bcrypt-cost"));
    assertEquals("c", values.string("cert-file"));
    assertTrue(values.bool("client-cert-auth"));
    assertEquals(List.of("c"), values.strings("client-cert-allowed-cn"));
    assertEquals("r", values.string("client-crl-file"));
    assertEquals("p", values.string("peer-cert-file"));
    assertEquals(List.of("a", "b"), values.strings("peer-cert-allowed-cn"));
  }

  @Test
  void jsonIsTakenToo() throws Exception {
    read("{\"name\": \"m1\", \"max-txn-ops\": 5, \"max-txn-ops\": 6}");

    assertEquals("m1", values.string("name"));
    assertEquals(6, values.number("max-txn-ops"));
  }

  @Test
  void anEmptyFileIsAllDefaults() throws Exception {
    assertEquals(List.of(), read(""));
    assertEquals("default", values.string("name"));
  }

  @Test
  void keysThatEtcdDoesNotReadAreIgnoredAndNamed() throws Exception {
    List<Notice> notices =
        read(
            "nope: 1\nraft-read-timeout: x\ncert-file: x\nproxy: 'off'\ndiscovery-fallback: proxy");

    assertEquals(
        List.of("cert-file", "discovery-fallback", "nope", "proxy", "raft-read-timeout"),
        notices.stream().map(notice -> notice.fields().get("key")).toList());
    assertEquals("", values.string("cert-file"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          warning-apply-duration: 1s|\
          string into Go struct field configYAML.Config.warning-apply-duration of type time.Duration
          election-timeout: "x"|string into Go struct field configYAML.Config.election-timeout of type uint
          election-timeout: -1|number -1 into Go struct field configYAML.Config.election-timeout of type uint
          election-timeout: 1.5|number 1.5 into Go struct field configYAML.Config.election-timeout of type uint
          name: 5|number into Go struct field configYAML.Config.name of type string
          log-outputs: stderr|string into Go struct field configYAML.Config.log-outputs of type []string
          pre-vote: "yes"|string into Go struct field configYAML.Config.pre-vote of type bool
          peer-transport-security: x|\
          string into Go struct field configYAML.configJSON.peer-transport-security of type embed.securityConfig
          """)
  void aValueOfAWrongTypeIsRefusedInEtcdsWords(String line, String message) {
    assertEquals(DECODING + message, refusal(line).getMessage());
  }

  /** Each line was read by etcd 3.7.1 to the same value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          quota-backend-bytes: 8.589934592e+09|8589934592
          quota-backend-bytes: -0.0|0
          quota-backend-bytes: 0x10|16
          quota-backend-bytes: 010|8
          quota-backend-bytes: 0o17|15
          quota-backend-bytes: -0b1_1|-3
          quota-backend-bytes: +5|5
          quota-backend-bytes: 12e-1000|0
          quota-backend-bytes: !!int "5"|5
          snapshot-count: 1e5|100000
          snapshot-count: 1E+5|100000
          snapshot-count: 1_000|1000
          snapshot-count: 5.|5
          snapshot-count: 09|9
          snapshot-count: ~|10000
          snapshot-count:|10000
          SNAPSHOT-Count: 7|7
          Snapshot-Count: 6; snapshot-count: 7; SNAPSHOT-COUNT: 5|7
          snapshot-count: 6; snapshot-count: 7|7
          warning-apply-duration: 5e9|5000000000
          max-concurrent-streams: 4294967295|4294967295
          pre-vote: no|false
          pre-vote: Off|false
          pre-vote: N|false
          pre-vote: y|true
          name: "5"|5
          name: !!str 5|5
          name: !!binary aGk=|hi
          name: 1:30|1:30
          name: 2001-01-01|2001-01-01
          name: tRue|tRue
          name: 1e400|1e400
          name: a; ---; name: b|a
          initial-cluster-state: ""|new
          self-signed-cert-validity: 0|1
          log-outputs: [null, a]|[default, a]
          log-outputs: []|[]
          cipher-suites: ~|[]
          x: &a {name: q}; name: z; <<: *a|q
          x: &a {name: q}; y: &b {name: r}; <<: [*a, *b]|q
          """)
  void aValueIsWhatEtcdReads(String lines, String value) throws Exception {
    read(lines.replace("; ", "\n"));
    String flag = lines.replaceAll("^.*(<<|---).*$", "name").replaceAll(":.*", "");

    assertEquals(value, text(flag.toLowerCase(Locale.ROOT)));
  }

  private String text(String flag) {
    return switch (FlagTable.etcd().get(flag).type()) {
      case BOOL -> String.valueOf(values.bool(flag));
      case STRINGS, UNIQUE_STRINGS -> values.strings(flag).toString();
      case STRING, STATE -> values.string(flag);
      default -> String.valueOf(values.number(flag));
    };
  }

  /** Of several mistakes etcd names the first in the order of the keys. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          snapshot-count: "1e5"|string into Go struct field configYAML.Config.snapshot-count of type uint64
          snapshot-count: 1e21|number 1e+21 into Go struct field configYAML.Config.snapshot-count of type uint64
          snapshot-count: 1e-7|number 1e-7 into Go struct field configYAML.Config.snapshot-count of type uint64
          snapshot-count: -0.0|number -0 into Go struct field configYAML.Config.snapshot-count of type uint64
          quota-backend-bytes: 9223372036854775808|number 9223372036854775808\
           into Go struct field configYAML.Config.quota-backend-bytes of type int64
          max-concurrent-streams: 4294967296|number 4294967296\
           into Go struct field configYAML.Config.max-concurrent-streams of type uint32
          pre-vote: 1|number into Go struct field configYAML.Config.pre-vote of type bool
          name: yes|bool into Go struct field configYAML.Config.name of type string
          log-outputs: [5]|number into Go struct field configYAML.Config.log-outputs of type string
          pre-vote: x; Name: 5|number into Go struct field configYAML.Config.name of type string
          feature-gates: X=true; name: 5|number into Go struct field configYAML.Config.name of type string
          client-transport-security: {cert-file: 5}|number\
           into Go struct field securityConfig.configJSON.client-transport-security.cert-file of type string
          socket-options: {reuse-port: 5}|number\
           into Go struct field SocketOpts.Config.socket-options.reuse-port of type bool
          discovery-config: {client: {dial-timeout: 5s}}|string\
           into Go struct field ConfigSpec.Config.discovery-config.client.dial-timeout of type time.Duration
          v2-deprecation: 5|number into Go struct field configYAML.Config.v2-deprecation\
           of type config.V2DeprecationEnum
          [a]|array into Go value of type embed.configYAML
          """)
  void theFirstWrongTypeIsNamed(String lines, String message) {
    assertEquals(DECODING + message, refusal(lines.replace("; ", "\n")).getMessage());
  }

  @Test
  void whatIsNoJsonIsRefusedInEtcdsWords() {
    String converting = "error converting YAML to JSON: ";
    assertEquals(converting + "json: unsupported value: -Inf", refusal("name: -.inf").getMessage());
    assertEquals(
        converting + "yaml: cannot decode !!float `5.0` as a !!int",
        refusal("name: !!int 5.0").getMessage());
    assertEquals(
        "invalid peer-transport-security", refusal("peer-transport-security:").getMessage());
  }

  @Test
  void sectionsOfFlagsThatAreMissingSetThoseFlags() throws Exception {
    read(
        """
        socket-options: {reuse-port: true, reuse-address: no}
        discovery-config: {token: t, client: {endpoints: [e], auth: {username: u}}}
        """);

    assertTrue(values.bool("socket-reuse-port"));
    assertEquals("t", values.string("discovery-token"));
    assertEquals(List.of("e"), values.strings("discovery-endpoints"));
    assertEquals("u", values.string("discovery-user"));
  }

  @Test
  void otherMistakesAreRefusedInEtcdsWords() {
    assertEquals("unrecognized feature gate: Foo", refusal("feature-gates: Foo=true").getMessage());
    ConfigException badUrl = refusal("listen-client-urls: foo");
    assertEquals(
        "unexpected error setting up listen-client-urls: URL scheme must be http, https, unix, or"
            + " unixs: foo",
        badUrl.getMessage());
    assertEquals(ConfigException.Report.PLAIN, badUrl.report());
    String badYaml = refusal("name: [a").getMessage();
    assertTrue(badYaml.startsWith("error converting YAML to JSON: yaml: line "), badYaml);
  }

  private ConfigException refusal(String text) {
    return assertThrows(ConfigException.class, () -> read(text));
  }

  private List<Notice> read(String text) throws IOException, ConfigException {
    Path file = Files.writeString(folder.resolve("etcd.conf.yml"), text);
    return ConfigFile.apply(file, values);
  }
}
