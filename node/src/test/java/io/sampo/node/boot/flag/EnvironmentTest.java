package io.sampo.node.boot.flag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.boot.flag.CommandLine.BadCommandLineException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class EnvironmentTest {
  private final FlagValues values = new FlagValues(FlagTable.etcd());

  @Test
  void everyFlagHasAVariable() throws ConfigException {
    List<Notice> notices =
        Environment.apply(
            Map.of("ETCD_NAME", "x", "ETCD_PRE_VOTE", "false", "PATH", "/bin"), values);

    assertEquals("x", values.string("name"));
    assertFalse(values.bool("pre-vote"));
    assertEquals(
        Notice.of(
            Level.INFO,
            "recognized and used environment variable",
            "variable-name",
            "ETCD_NAME",
            "variable-value",
            "x"),
        notices.get(0));
    assertEquals(2, notices.size());
  }

  @Test
  void unknownAndEmptyVariablesAreWarnedOf() throws ConfigException {
    assertEquals(
        List.of(
            Notice.of(
                Level.WARN,
                "unrecognized environment variable",
                "environment-variable",
                "ETCD_FOO=1"),
            Notice.of(
                Level.WARN,
                "unrecognized environment variable",
                "environment-variable",
                "ETCD_NAME=")),
        Environment.apply(Map.of("ETCD_FOO", "1", "ETCD_NAME", ""), values));
    assertFalse(values.isSet("name"));
  }

  @Test
  void theVersionCannotBeAskedForByVariable() throws ConfigException {
    List<Notice> notices = Environment.apply(Map.of("ETCD_VERSION", "true"), values);

    assertEquals("cannot set special environment variable", notices.get(0).message());
    assertFalse(values.bool("version"));
  }

  @Test
  void ofSeveralBadValuesTheLastNameIsToldOf() {
    assertEquals(
        "invalid value \"foo\" for ETCD_LISTEN_CLIENT_URLS: URL scheme must be http, https, unix,"
            + " or unixs: foo",
        refusal(Map.of("ETCD_HEARTBEAT_INTERVAL", "x", "ETCD_LISTEN_CLIENT_URLS", "foo")));
    assertEquals(
        "invalid value \"x\" for ETCD_HEARTBEAT_INTERVAL: parse error",
        refusal(Map.of("ETCD_HEARTBEAT_INTERVAL", "x")));
    assertEquals(
        "invalid value \"x\" for ETCD_PRE_VOTE: parse error",
        refusal(Map.of("ETCD_PRE_VOTE", "x")));
  }

  @Test
  void aVariableBesideItsFlagIsAConflict() throws BadCommandLineException {
    CommandLine.parse(List.of("--name=y"), values);
    String message = refusal(Map.of("ETCD_NAME", "x"));

    assertTrue(message.startsWith("conflicting environment variable is shadowed by"), message);
    assertTrue(message.endsWith(": ETCD_NAME"), message);
  }

  private String refusal(Map<String, String> environment) {
    return assertThrows(ConfigException.class, () -> Environment.apply(environment, values))
        .getMessage();
  }
}
