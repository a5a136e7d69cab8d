package io.sampo.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.node.raft.core.Invariants;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are whole seconds here. */
class SimpleTokensTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long TIME_TO_LIVE = 10;

  private final RandomGenerator random = new SplittableRandom(1);
  private long now = Long.MAX_VALUE - 3;
  private SimpleTokens tokens = tokens(TIME_TO_LIVE * SECOND);

  private SimpleTokens tokens(long timeToLiveNanos) {
    return new SimpleTokens(timeToLiveNanos, () -> now, () -> random);
  }

  @BeforeEach
  void enable() {
    tokens.enable();
  }

  private void pass(long seconds) {
    now += seconds * SECOND;
  }

  private String assign(String user, long index) {
    return tokens.assign(user, 3, SimpleTokens.token(tokens.prefix(), index));
  }

  @Test
  void aTokenHasEtcdsForm() {
    String token = assign("alice", 17);
    assertTrue(token.matches("[a-zA-Z]{16}\\.16"), token);
    assertEquals("p.18446744073709551615", SimpleTokens.token("p", 0));
  }

  @Test
  void aTokenNamesItsUserAndTheRevisionOfToday() {
    String token = assign("alice", 17);
    assertEquals(new Caller("alice", 9), tokens.caller(token, 9));
    assertNull(tokens.caller(token + "0", 9));
    assertNull(tokens.caller("", 9));
  }

  @Test
  void aTokenDiesWhenItIsNotUsed() {
    String token = assign("alice", 17);
    pass(TIME_TO_LIVE);
    assertNotNull(tokens.caller(token, 9));
    now += TIME_TO_LIVE * SECOND + 1;
    assertNull(tokens.caller(token, 9));
    assertEquals(0, tokens.size());
  }

  @Test
  void eachUseLengthensTheLifeOfItsTokenOnly() {
    String used = assign("alice", 17);
    String unused = assign("bob", 18);
    for (int i = 0; i < 5; i++) {
      pass(TIME_TO_LIVE / 2);
      assertNotNull(tokens.caller(used, 9), "after use " + i);
    }
    assertNull(tokens.caller(unused, 9));
    assertEquals(1, tokens.size());
  }

  @Test
  void noTimeToLiveMeansTheDefault() {
    for (long none : new long[] {0, -SECOND}) {
      tokens = tokens(none);
      tokens.enable();
      String token = assign("alice", 17);
      pass(SimpleTokens.DEFAULT_TIME_TO_LIVE.toSeconds());
      assertNotNull(tokens.caller(token, 9));
      pass(SimpleTokens.DEFAULT_TIME_TO_LIVE.toSeconds() + 1);
      assertNull(tokens.caller(token, 9));
    }
  }

  @Test
  void theLongestLifeIsNoOverflow() {
    tokens = tokens(Long.MAX_VALUE);
    tokens.enable();
    String token = assign("alice", 17);
    pass(1_000_000);
    assertNotNull(tokens.caller(token, 9));
  }

  @Test
  void whileDisabledNothingIsAToken() {
    String before = assign("alice", 17);
    tokens.disable();
    assertNull(tokens.caller(before, 9));
    String meanwhile = assign("alice", 18);
    tokens.forget("alice");
    tokens.enable();
    assertNull(tokens.caller(before, 9));
    assertNull(tokens.caller(meanwhile, 9));
  }

  @Test
  void enabledTwiceKeepsTheTokens() {
    String token = assign("alice", 17);
    tokens.enable();
    assertNotNull(tokens.caller(token, 9));
  }

  @Test
  void theTokensOfOneUserAreForgotten() {
    String first = assign("alice", 17);
    String other = assign("bob", 18);
    String second = assign("alice", 19);
    tokens.forget("alice");
    assertNull(tokens.caller(first, 9));
    assertNull(tokens.caller(second, 9));
    assertEquals(new Caller("bob", 9), tokens.caller(other, 9));
  }

  @Test
  void aTokenIsAssignedOnce() {
    String token = assign("alice", 17);
    assertThrows(Invariants.InvariantViolation.class, () -> tokens.assign("bob", 3, token));
  }

  @Test
  void tooManyTokensPushTheLeastUsedOut() {
    String used = assign("alice", 1);
    String unused = assign("bob", 2);
    tokens.caller(used, 9);
    for (int i = 0; i < SimpleTokens.MAX_TOKENS - 1; i++) {
      tokens.assign("carol", 9, "x." + (i + 3));
    }
    assertEquals(SimpleTokens.MAX_TOKENS, tokens.size());
    assertNotNull(tokens.caller(used, 9));
    assertNull(tokens.caller(unused, 9));
  }

  @ParameterizedTest
  @CsvSource({
    "abc.17, 18",
    ".17, 18",
    "a.b.17, 0",
    "abc, 0",
    "abc., 0",
    "abc.-1, 0",
    "abc.+1, 0",
    "abc.1_0, 0",
    "abc.١, 0",
    "abc.007, 8",
    "abc.9223372036854775806, 9223372036854775807",
    "abc.9223372036854775807, 9223372036854775807",
    "abc.9223372036854775808, 9223372036854775807",
    "abc.18446744073709551615, 9223372036854775807",
    "abc.18446744073709551616, 0"
  })
  void theIndexToWaitForIsReadAsGoReadsIt(String token, long index) {
    assertEquals(index, tokens.awaitedIndex(token));
  }

  @Property
  void prefixesOfAnyGeneratorAre16Letters(@ForAll long seed) {
    Random any = new Random(seed);
    SimpleTokens made = new SimpleTokens(1, () -> 0, () -> any);
    String prefix = made.prefix();
    assertTrue(prefix.matches("[a-zA-Z]{16}"), prefix);
    assertFalse(prefix.equals(made.prefix()));
  }
}
