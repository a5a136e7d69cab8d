package io.sampo.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.sampo.protocol.error.EtcdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Files of keys are those of the tests of {@code auth.jwt}. */
class JwtTokensTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.sampo.node.auth");
  private static final String NOT_ETCDS = "abc.1";

  @TempDir private Path folder;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long millis = 1_700_000_000_999L;

  @BeforeEach
  void listen() {
    lines.start();
    LOG.addAppender(lines);
    LOG.setLevel(Level.DEBUG);
  }

  @AfterEach
  void leave() {
    LOG.detachAppender(lines);
    LOG.setLevel(null);
  }

  private String file(String name) {
    Path file = folder.resolve(name);
    try (InputStream content = JwtTokensTest.class.getResourceAsStream("jwt/" + name)) {
      Files.write(file, content.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return file.toString();
  }

  private TokenProvider open(String options) throws TokenOptionsException {
    return Tokens.open(
        TokenSettings.of("jwt," + options, 1),
        new Tokens.Sources(
            () -> {
              throw new AssertionError("a JWT lives by the wall clock");
            },
            () -> millis,
            () -> {
              throw new AssertionError("nothing here is random");
            }));
  }

  private TokenProvider secret(String more) throws TokenOptionsException {
    return open("sign-method=HS256,priv-key=" + file("secret") + more);
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  @Test
  void aTokenSaysWhoAndByWhichRevision() throws TokenOptionsException {
    TokenProvider tokens = secret("");
    String token = tokens.assign("älice", 7, NOT_ETCDS);
    assertEquals(new Caller("älice", 7), tokens.caller(token, 99));
    assertEquals("", tokens.prefix());
    assertEquals(0, tokens.awaitedIndex(token));
  }

  @Test
  void nobodyCallsATokenBack() throws TokenOptionsException {
    TokenProvider tokens = secret("");
    String token = tokens.assign("alice", 7, NOT_ETCDS);
    tokens.enable();
    tokens.forget("alice");
    tokens.disable();
    assertNotNull(tokens.caller(token, 7));
  }

  @ParameterizedTest
  @CsvSource({"'', 300", "',ttl=', 300", "',ttl=10m', 600", "',ttl=1.5s', 2", "',ttl=0s', 0"})
  void itLivesForItsTimeFromWhenItWasMade(String option, long seconds)
      throws TokenOptionsException {
    TokenProvider tokens = secret(option);
    String token = tokens.assign("alice", 7, NOT_ETCDS);
    // From the second in which it was made, as etcd counts.
    long end = 1_700_000_000_000L + seconds * 1000;
    if (seconds > 0) {
      millis = end - 1;
      assertNotNull(tokens.caller(token, 7));
    }
    millis = end;
    assertNull(tokens.caller(token, 7));
    assertEquals(
        "token has invalid claims: token is expired",
        lines.list.get(lines.list.size() - 1).getKeyValuePairs().get(0).value);
  }

  @Test
  void aNegativeTimeMakesTokensThatAreNone() throws TokenOptionsException {
    TokenProvider tokens = secret(",ttl=-5s");
    assertNull(tokens.caller(tokens.assign("alice", 7, NOT_ETCDS), 7));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "jwt/claims.csv", delimiter = '|', numLinesToSkip = 1)
  void claimsCountAsInGo(String name, String token) throws TokenOptionsException {
    Caller caller = secret("").caller(token, 99);
    assertEquals(name.startsWith("ok") ? new Caller("alice", 7) : null, caller);
  }

  @Test
  void aTokenThatIsNotValidYetWillBe() throws TokenOptionsException, IOException {
    TokenProvider tokens = secret("");
    String early = token("early");
    assertNull(tokens.caller(early, 7));
    millis = 4102444800_000L;
    assertNotNull(tokens.caller(early, 7));
  }

  private String token(String name) throws IOException {
    try (InputStream content = JwtTokensTest.class.getResourceAsStream("jwt/claims.csv")) {
      return new String(content.readAllBytes())
          .lines()
          .filter(line -> line.startsWith(name + "|"))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void manyTokensAreAllKnown() throws TokenOptionsException {
    TokenProvider tokens = secret("");
    String first = tokens.assign("alice", 0, NOT_ETCDS);
    for (int i = 0; i <= JwtTokens.MAX_VERIFIED; i++) {
      assertEquals(new Caller("bob", i), tokens.caller(tokens.assign("bob", i, NOT_ETCDS), 99));
    }
    assertEquals(new Caller("alice", 0), tokens.caller(first, 99));
  }

  @Test
  void withAPublicKeyTokensAreTakenAndNotMade() throws TokenOptionsException {
    TokenProvider both = open("sign-method=RS256,priv-key=" + file("rsa.pem"));
    TokenProvider verifying = open("sign-method=RS256,pub-key=" + file("rsa-public.pem"));
    String token = both.assign("alice", 7, NOT_ETCDS);
    assertEquals(new Caller("alice", 7), verifying.caller(token, 99));
    EtcdException refusal =
        assertThrows(EtcdException.class, () -> verifying.assign("alice", 7, NOT_ETCDS));
    assertEquals("auth: token signing attempted with verify-only key", refusal.text());
    assertEquals(Status.Code.UNKNOWN, refusal.code());
  }

  @Test
  void aKeyThatCannotSignSaysSo() throws TokenOptionsException {
    TokenProvider other = open("sign-method=ES256,priv-key=" + file("ec-384.pem"));
    EtcdException refusal =
        assertThrows(EtcdException.class, () -> other.assign("alice", 7, NOT_ETCDS));
    assertEquals("key is invalid", refusal.text());
    assertEquals(Status.Code.UNKNOWN, refusal.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b|auth: invalid auth signature method",
        "sign-method=rs256|auth: invalid auth signature method",
        "sign-method=RS256,priv-key=/nope|open /nope: no such file or directory",
        "sign-method=RS256,pub-key=/|read /: is a directory",
        "sign-method=HS256,ttl=x|time: invalid duration \"x\"",
        "sign-method=HS256,ttl=5|time: missing unit in duration \"5\""
      })
  void optionsThatAreNoneAreInTheLog(String options, String error) {
    TokenOptionsException refusal = assertThrows(TokenOptionsException.class, () -> open(options));
    assertEquals("auth: invalid auth options", refusal.getMessage());
    assertEquals(List.of("problem loading JWT options"), messages());
    assertEquals(error, lines.list.get(0).getKeyValuePairs().get(0).value);
  }

  @ParameterizedTest
  @CsvSource({
    "sign-method=RS256, auth: missing key data",
    "'sign-method=RS256,priv-key=', auth: missing key data",
    "sign-method=none, unsupported signing method: *jwt.signingMethodNone"
  })
  void withoutAKeyThereAreNoTokens(String options, String error) {
    assertEquals(
        error, assertThrows(TokenOptionsException.class, () -> open(options)).getMessage());
    assertEquals(List.of(), messages());
  }

  @Test
  void unknownOptionsAreNamed() throws TokenOptionsException {
    secret(",foo=bar,aaa=");
    assertEquals(List.of("unknown JWT options"), messages());
    assertEquals(List.of("foo", "aaa"), lines.list.get(0).getKeyValuePairs().get(0).value);
  }

  @Test
  void noLineHoldsATokenOrAKey() throws TokenOptionsException {
    TokenProvider tokens = secret("");
    String token = tokens.assign("alice", 7, NOT_ETCDS);
    tokens.caller(token, 7);
    tokens.caller(token + "x", 7);
    millis += 1_000_000_000L;
    tokens.caller(token, 7);
    String signature = token.substring(token.lastIndexOf('.') + 1);
    for (ILoggingEvent line : lines.list) {
      String text = line.getFormattedMessage() + line.getKeyValuePairs();
      assertEquals(-1, text.indexOf(signature), text);
      assertEquals(-1, text.indexOf("geheim"), text);
    }
    assertEquals(3, lines.list.size());
  }
}
