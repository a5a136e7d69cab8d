package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.auth.SimpleTokens;
import io.sampo.node.auth.TokenProvider;
import io.sampo.node.boot.Boot;
import io.sampo.node.boot.NodeConfig;
import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the flags of tokens; the texts are those of etcd 3.7.1. */
class ServerTokensTest {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long nanos;
  private final SystemSources sources =
      new SystemSources(
          () -> nanos, () -> 0, () -> new SplittableRandom(1), () -> new SplittableRandom(1));

  private TokenProvider open(String... flags) throws ConfigException {
    Boot.Outcome.Start start =
        assertInstanceOf(Boot.Outcome.Start.class, Boot.read(List.of(flags), Map.of()));
    return ServerTokens.open(start.config().auth(), sources);
  }

  @Test
  void theFlagNamesTheKindOfTokens() throws ConfigException {
    assertInstanceOf(SimpleTokens.class, open());
    assertInstanceOf(SimpleTokens.class, open("--auth-token=simple,unknown=option"));
    TokenProvider none = open("--auth-token=");
    none.enable();
    assertNull(none.caller("abc.1", 1));
    assertEquals("", none.prefix());
    assertEquals(
        EtcdError.AUTH_FAILED.exception().text(),
        assertThrows(EtcdException.class, () -> none.assign("alice", 1, "abc.1")).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "JWT", "simple,x", "simple,a=b=c", "simple,a=b,a=c", "simple,"})
  void otherKindsAndOddOptionsAreRefused(String token) {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> open("--auth-token=" + token));
    assertEquals("auth: invalid auth options", refusal.getMessage());
    assertEquals(ConfigException.Report.START, refusal.report());
  }

  @Test
  void simpleTokensLiveAsLongAsTheFlagSays() throws ConfigException {
    TokenProvider tokens = open("--auth-token-ttl=7");
    tokens.enable();
    String token = tokens.assign("alice", 1, "abc.1");
    nanos += 7 * NANOS_PER_SECOND;
    assertNotNull(tokens.caller(token, 1));
    nanos += 7 * NANOS_PER_SECOND + 1;
    assertNull(tokens.caller(token, 1));
  }

  @Test
  void aNodeWithoutFlagsHasEtcdsDefaults() {
    Boot.Outcome.Start start =
        assertInstanceOf(Boot.Outcome.Start.class, Boot.read(List.of(), Map.of()));
    assertEquals(NodeConfig.Auth.DEFAULT, start.config().auth());
    Boot.Outcome.Start inEnvironment =
        assertInstanceOf(
            Boot.Outcome.Start.class,
            Boot.read(
                List.of(),
                Map.of(
                    "ETCD_AUTH_TOKEN", "", "ETCD_AUTH_TOKEN_TTL", "0", "ETCD_BCRYPT_COST", "12")));
    assertEquals(0, inEnvironment.config().auth().tokenTtlSeconds());
    assertEquals(12, inEnvironment.config().auth().bcryptCost());
  }
}
