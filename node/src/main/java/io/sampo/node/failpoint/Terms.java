package io.sampo.node.failpoint;

import io.sampo.node.boot.flag.GoDuration;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What happens at a moment, in gofail's language: {@code 3*sleep("10ms")->50.0%panic->off}. The
 * first term that has not been used up, and that chance allows, is done. One thread at a time; the
 * others wait.
 */
final class Terms {
  /** A term: its conditions, its action, its value. */
  private static final Pattern TERM =
      Pattern.compile(
          "((?:[0-9]+(?:\\.[0-9]*)?[%*])*)(off|return|sleep|panic|break|print)"
              + "(\\((?:\"(?<text>[^\"]*)\"|(?<word>-?[0-9]+|true|false))?\\))?");

  private static final Pattern CONDITION = Pattern.compile("([0-9]+)(\\.[0-9]*)?([%*])");
  private static final String NEXT = "->";

  private final Failpoint failpoint;
  private final String text;
  private final List<Term> chain;
  private final Crash crash;
  private int evaluations;

  /** How this process dies. */
  interface Crash {
    void now(String message);
  }

  /** Whether a term is done this time. */
  private interface Condition {
    boolean allows();
  }

  /** The first so many times. */
  private static final class Times implements Condition {
    private int left;

    Times(int left) {
      this.left = left;
    }

    @Override
    public boolean allows() {
      return left-- > 0;
    }
  }

  /**
   * @param quoted a value that is a text, or null
   * @param word a number or a truth, or null
   */
  private record Term(List<Condition> conditions, String action, String quoted, String word) {
    boolean isAllowed() {
      return conditions.stream().allMatch(Condition::allows);
    }
  }

  private Terms(Failpoint failpoint, String text, List<Term> chain, Crash crash) {
    this.failpoint = failpoint;
    this.text = text;
    this.chain = chain;
    this.crash = crash;
  }

  /**
   * @param chance between 0 and 1
   * @throws IllegalArgumentException if it is not gofail's language, with gofail's text
   */
  static Terms parse(Failpoint failpoint, String text, DoubleSupplier chance, Crash crash) {
    List<Term> chain = new ArrayList<>();
    Matcher term = TERM.matcher(text);
    int at = 0;
    boolean more = true;
    while (more) {
      if (!term.region(at, text.length()).lookingAt()) {
        throw new IllegalArgumentException("failpoint: could not parse terms");
      }
      chain.add(
          new Term(
              conditions(term.group(1), chance),
              term.group(2),
              term.group("text"),
              term.group("word")));
      at = term.end();
      more = text.startsWith(NEXT, at);
      at += more ? NEXT.length() : 0;
    }
    if (at < text.length()) {
      throw new IllegalArgumentException("failpoint: could not parse terms");
    }
    return new Terms(failpoint, text, chain, crash);
  }

  private static List<Condition> conditions(String text, DoubleSupplier chance) {
    List<Condition> conditions = new ArrayList<>();
    Matcher condition = CONDITION.matcher(text);
    while (condition.find()) {
      boolean counts = condition.group(3).equals("*");
      // A whole number counts, a fraction is a chance: gofail takes neither for the other.
      if (counts == (condition.group(2) != null)) {
        throw new IllegalArgumentException("failpoint: could not parse terms");
      }
      if (counts) {
        conditions.add(new Times(Integer.parseInt(condition.group(1))));
      } else {
        double limit = Double.parseDouble(condition.group(1) + condition.group(2) + "0") / 100;
        conditions.add(() -> chance.getAsDouble() <= limit);
      }
    }
    return conditions;
  }

  /** Whether what was done has a value. */
  synchronized boolean evaluate() {
    for (Term term : chain) {
      if (term.isAllowed()) {
        evaluations++;
        return act(term);
      }
    }
    return false;
  }

  private boolean act(Term term) {
    switch (term.action()) {
      case "sleep" -> sleep(term);
      case "panic" -> crash.now("failpoint panic: " + (value(term) == null ? "{}" : value(term)));
      case "print" -> System.out.println("failpoint print: " + failpoint.text());
      case "break" ->
          System.out.println("failpoint: no debugger to break into on " + failpoint.text());
      default -> {}
    }
    return term.action().equals("return");
  }

  private static String value(Term term) {
    return term.quoted() != null ? term.quoted() : term.word();
  }

  /** A number is milliseconds. */
  private void sleep(Term term) {
    try {
      if (term.quoted() != null) {
        sleepNanos(GoDuration.parseNanos(term.quoted()));
        return;
      }
      sleepNanos(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(value(term))));
    } catch (SyntaxException | NumberFormatException e) {
      System.out.println(
          "failpoint: could not parse sleep(" + value(term) + ") on " + failpoint.text());
    }
  }

  /** This thread stands still: that is what was asked for. */
  private static void sleepNanos(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** As they were given. */
  String text() {
    return text;
  }

  /** How often something was done. */
  int evaluations() {
    return evaluations;
  }
}
