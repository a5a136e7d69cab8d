package io.sampo.node.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import io.grpc.Status;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passwords as etcd keeps them: hashed by bcrypt, in the form of Go's library. A hash takes some 50
 * ms of a processor, so all are computed on threads of their own, few enough that puts go on beside
 * them; what would wait for too long is refused. For any thread; whoever cancels a future that
 * still waits saves the work.
 */
public final class PasswordHashes {
  private static final Logger LOG = LoggerFactory.getLogger(PasswordHashes.class);

  /** Go's default, as the logarithm of the rounds. */
  public static final int DEFAULT_COST = 10;

  /** What bcrypt looks at of a password. */
  static final int MAX_PASSWORD_BYTES = 72;

  /** Under way or waiting. With the default cost, more would wait longer than their clients do. */
  static final int MAX_WAITING = 256;

  private static final int SALT_BYTES = 16;

  /**
   * Go computes all versions of bcrypt in the same way and looks at no more than this: cost, salt
   * and hash.
   */
  private static final Pattern HASH =
      Pattern.compile("\\$[0-2][^$]?\\$((?:0[4-9]|[12][0-9]|3[01])\\$[./A-Za-z0-9]{53})");

  private static final BCrypt.Hasher HASHER = BCrypt.with(BCrypt.Version.VERSION_2A);
  private static final BCrypt.Verifyer VERIFIER =
      BCrypt.verifyer(
          BCrypt.Version.VERSION_2A, LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));

  private final int cost;
  private final Supplier<RandomGenerator> secrets;
  private final Executor threads;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param cost of new hashes; the default, with a warning, if bcrypt has no such cost
   * @param secrets generators that nobody can predict, for any thread
   * @param threads where hashes are computed
   */
  public PasswordHashes(long cost, Supplier<RandomGenerator> secrets, Executor threads) {
    this.cost = validCost(cost);
    this.secrets = secrets;
    this.threads = threads;
  }

  private static int validCost(long cost) {
    if (cost >= BCrypt.MIN_COST && cost <= BCrypt.MAX_COST) {
      return (int) cost;
    }
    LOG.atWarn()
        .addKeyValue("min-cost", BCrypt.MIN_COST)
        .addKeyValue("max-cost", BCrypt.MAX_COST)
        .addKeyValue("default-cost", DEFAULT_COST)
        .addKeyValue("given-cost", cost)
        .log("use default bcrypt cost instead of the invalid given cost");
    return DEFAULT_COST;
  }

  /** Of new hashes. */
  public int cost() {
    return cost;
  }

  /**
   * A new hash in Base64, as the log entry carries it. Fails with an {@link EtcdException} if the
   * password is longer than 72 bytes, or if there are too many to hash; empty ones are none.
   */
  public CompletableFuture<String> hash(String password) {
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_PASSWORD_BYTES) {
      return CompletableFuture.failedFuture(
          new EtcdException(Status.Code.UNKNOWN, "bcrypt: password length exceeds 72 bytes"));
    }
    return compute(() -> Base64.getEncoder().encodeToString(HASHER.hash(cost, salt(), bytes)));
  }

  private byte[] salt() {
    byte[] salt = new byte[SALT_BYTES];
    secrets.get().nextBytes(salt);
    return salt;
  }

  /**
   * Whether this is the password behind a stored hash, of which, as in Go, only the first 72 bytes
   * count; never of something that is no hash. Fails with an {@link EtcdException} if there are too
   * many to compare.
   */
  public CompletableFuture<Boolean> matches(byte[] storedHash, String password) {
    Matcher hash = HASH.matcher(new String(storedHash, StandardCharsets.ISO_8859_1));
    if (!hash.lookingAt()) {
      return CompletableFuture.completedFuture(false);
    }
    byte[] ofOneVersion = ("$2a$" + hash.group(1)).getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
    return compute(() -> VERIFIER.verify(bytes, ofOneVersion).verified);
  }

  private <T> CompletableFuture<T> compute(Supplier<T> work) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(EtcdError.TOO_MANY_REQUESTS.exception());
    }
    try {
      return CompletableFuture.supplyAsync(work, task -> threads.execute(() -> run(task)));
    } catch (RejectedExecutionException ended) {
      waiting.decrementAndGet();
      return CompletableFuture.failedFuture(EtcdError.STOPPED.exception());
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      waiting.decrementAndGet();
    }
  }
}
