package io.sampo.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashesTest {
  /** Of "secret", by Go, without its version. */
  private static final String OF_SECRET =
      "$04$AMLCr5g/.j86NxA7.fXNIeiHXgoUzgAMzxtXjFZCArUDlQoHA5MO2";

  private final RandomGenerator random = new SplittableRandom(1);
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final PasswordHashes hashes = hashes(4, Runnable::run);

  private PasswordHashes hashes(long cost, Executor threads) {
    return new PasswordHashes(cost, () -> random, threads);
  }

  private boolean matches(String hash, String password) {
    return hashes.matches(hash.getBytes(StandardCharsets.ISO_8859_1), password).join();
  }

  private String hash(String password) {
    return new String(
        Base64.getDecoder().decode(hashes.hash(password).join()), StandardCharsets.ISO_8859_1);
  }

  private static EtcdException failure(CompletableFuture<?> future) {
    assertTrue(future.isDone());
    return (EtcdException) assertThrows(ExecutionException.class, future::get).getCause();
  }

  @ParameterizedTest
  @CsvSource({
    "'', $2a$04$JsnlDUVlss6D.DFg41Ne6OgKH54B3Kwfcz8Bc/dYLoGA26iPCsPrK",
    "secret, $2a$04$ZCU5vrBzw5550ShCO0YNzespXSufaWXDxmUwY5cxOtL2/hRSTItLq",
    "ünïcödé€, $2a$04$SYYkGq8KTYXwSW/NjlWalunUHlHtf4EzXbML6aAPNNfxirVgYY3f2",
    "a\0b, $2a$04$P2sEuclFZsPViWt0GutOQOqe2iBfXi12o1yPSjMRZuW6HY2jOuYNq",
    "éééééééééééééééééééééééééééééééééééé, "
        + "$2a$04$8swRfVJcxlmxGdfRwe7YC.hxQo7OfRt1AHvMcLGLgx9oKbNMJoMuG"
  })
  void hashesOfGoAreKnown(String password, String hash) {
    assertTrue(matches(hash, password));
    assertFalse(matches(hash, password + "x") && password.length() != 36);
    assertFalse(matches(hash, "y" + password));
  }

  /** etcd 3.7.1 lets 90 letters pass where 72 of them are the password. */
  @Test
  void only72BytesCount() {
    String hash = hash("a".repeat(72));
    assertTrue(matches(hash, "a".repeat(90)));
    assertFalse(matches(hash, "a".repeat(71)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$2", "$2a", "$2b", "$2x", "$2y", "$2z", "$1a"})
  void allVersionsAreTheSame(String version) {
    assertTrue(matches(version + OF_SECRET, "secret"));
    assertFalse(matches(version + OF_SECRET, "Secret"));
  }

  @Test
  void goLooksAt60Bytes() {
    assertTrue(matches("$2a" + OF_SECRET + "x", "secret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "secret",
        "$3a" + OF_SECRET,
        "$2a$04$AMLCr5g/.j86NxA7.fXNIeiHXgoUzgAMzxtXjFZCArUDlQoHA5MO",
        "$2a$03$AMLCr5g/.j86NxA7.fXNIeiHXgoUzgAMzxtXjFZCArUDlQoHA5MO2",
        "$2a$32$AMLCr5g/.j86NxA7.fXNIeiHXgoUzgAMzxtXjFZCArUDlQoHA5MO2",
        "$2a$xx$AMLCr5g/.j86NxA7.fXNIeiHXgoUzgAMzxtXjFZCArUDlQoHA5MO2",
        "$2a$04$AMLCr5g/.j86!!A7.fXNIeiHXgoUzgAMzxtXjFZCArUDlQoHA5MO2"
      })
  void whatIsNoHashMatchesNothing(String hash) {
    assertFalse(matches(hash, "secret"));
    assertFalse(matches(hash, ""));
  }

  /** bcrypt repeats a password, with a NUL behind each time: two that hold one may be the same. */
  @Property(tries = 50)
  void aPasswordMatchesItsHashOnly(
      @ForAll @AlphaChars @StringLength(max = 3) String password,
      @ForAll @AlphaChars @StringLength(max = 3) String other) {
    String hash = hash(password);
    assertTrue(matches(hash, password));
    assertEquals(password.equals(other), matches(hash, other));
  }

  @Test
  void eachHashHasASaltOfItsOwnAndGosForm() {
    String hash = hash("secret");
    assertTrue(hash.matches("\\$2a\\$04\\$[./A-Za-z0-9]{53}"), hash);
    assertNotEquals(hash, hash("secret"));
  }

  @Test
  void aLongPasswordIsRefusedInGosWords() {
    EtcdException refusal = failure(hashes.hash("a".repeat(73)));
    assertEquals("bcrypt: password length exceeds 72 bytes", refusal.text());
    assertEquals(Status.Code.UNKNOWN, refusal.code());
    assertEquals(refusal.text(), failure(hashes.hash("é".repeat(37))).text());
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "5, 5", "31, 31", "3, 10", "32, 10", "0, 10", "-1, 10", "4294967300, 10"})
  void aCostThatIsNoneBecomesTheDefault(long given, int cost) {
    assertEquals(cost, hashes(given, Runnable::run).cost());
  }

  @Test
  void theCostStandsInTheHash() {
    String encoded = hashes(5, Runnable::run).hash("secret").join();
    String hash = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
    assertTrue(hash.startsWith("$2a$05$"), hash);
  }

  @Test
  void hashesAreComputedOnTheirOwnThreads() {
    PasswordHashes elsewhere = hashes(4, waiting::add);
    CompletableFuture<String> hash = elsewhere.hash("secret");
    CompletableFuture<Boolean> matches =
        elsewhere.matches(("$2a" + OF_SECRET).getBytes(), "secret");
    assertFalse(hash.isDone());
    assertFalse(matches.isDone());
    waiting.forEach(Runnable::run);
    assertTrue(hash.isDone());
    assertTrue(matches.join());
  }

  @Test
  void tooManyAreRefusedUntilSomeAreDone() {
    PasswordHashes full = hashes(4, waiting::add);
    byte[] hash = ("$2a" + OF_SECRET).getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < PasswordHashes.MAX_WAITING; i++) {
      full.matches(hash, "secret").cancel(false);
    }
    assertEquals(
        EtcdError.TOO_MANY_REQUESTS.exception().text(),
        failure(full.matches(hash, "secret")).text());
    assertEquals(
        EtcdError.TOO_MANY_REQUESTS.exception().text(), failure(full.hash("secret")).text());
    waiting.remove().run();
    assertFalse(full.hash("secret").isDone());
    assertEquals(PasswordHashes.MAX_WAITING, waiting.size());
  }

  @Test
  void onANodeThatStopsTheyFail() {
    PasswordHashes stopped =
        hashes(
            4,
            task -> {
              throw new RejectedExecutionException();
            });
    for (int i = 0; i <= PasswordHashes.MAX_WAITING; i++) {
      assertEquals(EtcdError.STOPPED.exception().text(), failure(stopped.hash("x")).text());
    }
  }
}
