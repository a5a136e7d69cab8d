package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * Time, randomness and threads are given (design, section 1.4), so that a simulator can own them.
 */
class BannedCallsTest {

  /** Where the real clock and the real source of randomness enter, and nothing else. */
  private static final String BOOT_CLASS = "io.sampo.node.boot.SystemSources";

  private static final String CLOCK =
      "take a LongSupplier of nanoseconds or milliseconds in the constructor; only "
          + BOOT_CLASS
          + " asks the system";
  private static final String RANDOM =
      "take a java.util.random.RandomGenerator in the constructor; only "
          + BOOT_CLASS
          + " makes one from system entropy";
  private static final String TELL =
      "send a message with a ReplyTo, of which edge.Answers makes a future at the edge: ask hops"
          + " threads";
  private static final String EXECUTOR =
      "pass the executor: the default one may be a new thread per task on two cores";
  private static final String SERIALIZER = "use the protobuf serializers of persistence";

  private static final List<BannedCall> BANNED =
      List.of(
          BannedCall.of("java.lang.System", "currentTimeMillis|nanoTime", CLOCK),
          BannedCall.withParameters("java.time.Instant", "now", 0, CLOCK),
          BannedCall.of("java.time.(LocalDateTime|ZonedDateTime|LocalDate)", "now", CLOCK),
          BannedCall.of("java.time.Clock", "system.*", CLOCK),
          BannedCall.withParameters("java.util.Date", "<init>", 0, CLOCK),
          BannedCall.of("java.lang.Math", "random", RANDOM),
          BannedCall.withParameters("java.util.Random", "<init>", 0, RANDOM),
          BannedCall.of("java.security.SecureRandom", "<init>", RANDOM),
          BannedCall.of("java.util.concurrent.ThreadLocalRandom", "current", RANDOM),
          BannedCall.withParameters("java.util.SplittableRandom", "<init>", 0, RANDOM),
          BannedCall.of("java.util.random.RandomGenerator", "getDefault", RANDOM),
          BannedCall.of("java.util.UUID", "randomUUID", RANDOM),
          BannedCall.of(
              "java.lang.Thread", "sleep", "use the timers of the actor or the scheduler"),
          BannedCall.of("org.apache.pekko.actor.typed.javadsl.AskPattern", "ask.*", TELL),
          BannedCall.of("org.apache.pekko.actor.typed.javadsl.ActorContext", "ask.*", TELL),
          BannedCall.of("org.apache.pekko.pattern.Patterns", "ask.*", TELL),
          BannedCall.withParameters(
              "java.util.concurrent.CompletableFuture", "supplyAsync|runAsync", 1, EXECUTOR),
          BannedCall.withParameters(
              "java.util.concurrent.(CompletableFuture|CompletionStage)",
              "(thenRun|thenApply|thenAccept|thenCompose|handle|whenComplete|exceptionally)Async",
              1,
              EXECUTOR),
          BannedCall.withParameters(
              "java.util.concurrent.(CompletableFuture|CompletionStage)",
              "(thenCombine|thenAcceptBoth|runAfterBoth|runAfterEither|acceptEither|applyToEither)"
                  + "Async",
              2,
              EXECUTOR),
          BannedCall.of("java.io.ObjectInputStream", "<init>", SERIALIZER),
          BannedCall.of("java.io.ObjectOutputStream", "<init>", SERIALIZER));

  @Test
  void productionCodeCallsNoneOfThem() {
    List<String> found = violations(ProductionClasses.written());
    assertTrue(found.isEmpty(), () -> String.join("\n", found));
  }

  @Test
  void callsAndMethodReferencesAreBothFound() {
    JavaClasses guilty = new ClassFileImporter().importClasses(Guilty.class);
    assertEquals(4, violations(guilty).size(), () -> String.join("\n", violations(guilty)));
  }

  private static List<String> violations(JavaClasses classes) {
    List<String> found = new ArrayList<>();
    for (JavaClass user : classes) {
      if (user.getFullName().split("\\$")[0].equals(BOOT_CLASS)) {
        continue;
      }
      for (JavaAccess<?> access : user.getAccessesFromSelf()) {
        for (BannedCall banned : BANNED) {
          if (banned.matches(access)) {
            found.add(banned.describe(user, access));
          }
        }
      }
    }
    return found;
  }

  /** What the rule must find, so that a rule that finds nothing is noticed. */
  private static final class Guilty {
    static final LongSupplier CLOCK_REFERENCE = System::nanoTime;

    static long read() {
      return System.currentTimeMillis() + new Random().nextLong();
    }

    static void serialize(java.io.OutputStream out) throws java.io.IOException {
      try (java.io.ObjectOutputStream stream = new java.io.ObjectOutputStream(out)) {
        stream.writeLong(new Random(1).nextLong());
      }
    }
  }
}
