package io.sampo.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * An actor answers by a message. Whoever completes a future runs what others have hung on it, so
 * that is done at the edge only, on threads where it holds up nobody.
 */
class FutureCompletionTest {

  /** Packages that may, each with its reason; what is below them may as well. */
  private static final List<String> ALLOWED =
      List.of(
          // Answers to clients and to peers.
          "io.sampo.node.edge",
          // Start and end of the process, for which its main thread waits.
          "io.sampo.node.boot",
          "io.sampo.node.server",
          "io.sampo.node.training",
          // An edge of its own, without actors.
          "io.sampo.gateway");

  private static final Pattern COMPLETION =
      Pattern.compile("complete|completeExceptionally|obtrudeValue|obtrudeException");

  @Test
  void onlyTheEdgeCompletesFutures() {
    List<String> found =
        ProductionClasses.written().stream()
            .filter(type -> ALLOWED.stream().noneMatch(allowed -> isIn(type, allowed)))
            .flatMap(FutureCompletionTest::completions)
            .sorted()
            .toList();
    assertTrue(
        found.isEmpty(),
        () ->
            "take a ReplyTo and let edge.Answers make the future, or compose futures:\n"
                + String.join("\n", found));
  }

  @Test
  void callsReferencesAndSubclassesAreFound() {
    JavaClasses guilty = new ClassFileImporter().importClasses(Guilty.class, Own.class);
    List<String> found = guilty.stream().flatMap(FutureCompletionTest::completions).toList();
    assertEquals(3, found.size(), () -> String.join("\n", found));
  }

  private static boolean isIn(JavaClass type, String allowed) {
    return (type.getPackageName() + ".").startsWith(allowed + ".");
  }

  private static Stream<String> completions(JavaClass user) {
    return user.getAccessesFromSelf().stream()
        .filter(access -> COMPLETION.matcher(access.getTarget().getName()).matches())
        .filter(access -> access.getTargetOwner().isAssignableTo(CompletableFuture.class))
        .map(
            access ->
                "%s (line %d) calls %s"
                    .formatted(
                        user.getFullName(), access.getLineNumber(), access.getTarget().getName()));
  }

  /** What the rule must find, so that a rule that finds nothing is noticed. */
  private static final class Guilty {
    static void call(CompletableFuture<String> future) {
      future.complete("done");
    }

    static Consumer<String> reference(CompletableFuture<String> future) {
      return future::complete;
    }

    static void ownKind(Own future) {
      future.completeExceptionally(new IllegalStateException("failed"));
    }
  }

  private static final class Own extends CompletableFuture<String> {}
}
