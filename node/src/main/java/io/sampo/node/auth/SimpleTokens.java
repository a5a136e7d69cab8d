package io.sampo.node.auth;

import io.sampo.node.raft.core.Invariants;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens that mean nothing by themselves: 16 random letters and, as in etcd, the index of the entry
 * before the Authenticate entry by which every member learns of them. They are kept in memory, and
 * so are gone after a restart; each dies when it was not used for its time to live.
 *
 * <p>All live for the same time, so the one that was not used for the longest time dies first: who
 * comes for a token looks at that end of the list, and no timer is needed.
 */
public final class SimpleTokens implements TokenProvider {
  private static final Logger LOG = LoggerFactory.getLogger(SimpleTokens.class);
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final int PREFIX_LETTERS = 16;

  /** So long a token lives if the flag says 0. */
  static final Duration DEFAULT_TIME_TO_LIVE = Duration.ofSeconds(300);

  /** Some 20 MB. With one more, the token that was not used for the longest time dies early. */
  static final int MAX_TOKENS = 100_000;

  private static final class Token {
    private final String user;
    private long usedNanos;

    Token(String user) {
      this.user = user;
    }
  }

  private final long timeToLiveNanos;
  private final LongSupplier nanoTime;
  private final Supplier<RandomGenerator> secrets;

  /** By last use, the oldest first; null while authentication is off. */
  private Map<String, Token> tokens;

  /**
   * Disabled at first.
   *
   * @param timeToLiveNanos since the last use; {@link #DEFAULT_TIME_TO_LIVE} if not positive
   * @param secrets generators that nobody can predict, for any thread
   */
  public SimpleTokens(
      long timeToLiveNanos, LongSupplier nanoTime, Supplier<RandomGenerator> secrets) {
    this.timeToLiveNanos = timeToLiveNanos > 0 ? timeToLiveNanos : DEFAULT_TIME_TO_LIVE.toNanos();
    this.nanoTime = nanoTime;
    this.secrets = secrets;
  }

  /**
   * The token of an Authenticate entry.
   *
   * @param prefix that the entry carries
   * @param index of the entry
   */
  public static String token(String prefix, long index) {
    return prefix + "." + Long.toUnsignedString(index - 1);
  }

  @Override
  public synchronized Caller caller(String token, long authRevision) {
    if (tokens == null) {
      return null;
    }
    long now = nanoTime.getAsLong();
    removeOld(now);
    Token known = tokens.get(token);
    if (known == null) {
      return null;
    }
    known.usedNanos = now;
    return new Caller(known.user, authRevision);
  }

  /**
   * One more than what is behind the only point of the token. 0 for what has no such form, and so
   * is none now or ever.
   */
  @Override
  public long awaitedIndex(String token) {
    int first = token.indexOf('.') + 1;
    if (first == 0 || first == token.length()) {
      return 0;
    }
    for (int i = first; i < token.length(); i++) {
      if (token.charAt(i) < '0' || token.charAt(i) > '9') {
        return 0;
      }
    }
    try {
      long index = Long.parseUnsignedLong(token, first, token.length(), 10);
      return index < 0 || index == Long.MAX_VALUE ? Long.MAX_VALUE : index + 1;
    } catch (NumberFormatException tooLarge) {
      return 0;
    }
  }

  @Override
  public String prefix() {
    RandomGenerator random = secrets.get();
    StringBuilder prefix = new StringBuilder(PREFIX_LETTERS);
    for (int i = 0; i < PREFIX_LETTERS; i++) {
      prefix.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return prefix.toString();
  }

  /** As etcd does, answers a token also while authentication is off; it is forgotten at once. */
  @Override
  public synchronized String assign(String user, long authRevision, String simpleToken) {
    if (tokens == null) {
      return simpleToken;
    }
    Token token = new Token(user);
    token.usedNanos = nanoTime.getAsLong();
    removeOld(token.usedNanos);
    Token before = tokens.put(simpleToken, token);
    Invariants.check(before == null, "a simple token is assigned once");
    if (tokens.size() > MAX_TOKENS) {
      removeOldest("deleted a simple token, there are too many");
    }
    return simpleToken;
  }

  private void removeOld(long now) {
    while (!tokens.isEmpty()
        && now - tokens.values().iterator().next().usedNanos > timeToLiveNanos) {
      removeOldest("deleted a simple token");
    }
  }

  private void removeOldest(String message) {
    Iterator<Map.Entry<String, Token>> oldest = tokens.entrySet().iterator();
    Map.Entry<String, Token> removed = oldest.next();
    oldest.remove();
    LOG.atDebug()
        .addKeyValue("user-name", removed.getValue().user)
        .addKeyValue("token-fingerprint", () -> TokenFingerprint.of(removed.getKey()))
        .log(message);
  }

  @Override
  public synchronized void enable() {
    if (tokens == null) {
      tokens = new LinkedHashMap<>(16, 0.75f, true);
    }
  }

  @Override
  public synchronized void disable() {
    tokens = null;
  }

  @Override
  public synchronized void forget(String user) {
    if (tokens != null) {
      tokens.values().removeIf(token -> token.user.equals(user));
    }
  }

  /** Tokens in memory, dead ones among them that nobody has looked for. */
  synchronized int size() {
    return tokens == null ? 0 : tokens.size();
  }
}
