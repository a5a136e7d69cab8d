package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        List.of("nope", "raft-read-timeout", "cert-file", "proxy", "discovery-fallback"),
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
