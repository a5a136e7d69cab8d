package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.mutant.Mutant;
import io.sampo.tests.sim.mutant.Mutants;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Mutations each known bug and counts the seeds until it is found. */
final class MutantHunt {
  private MutantHunt() {}

  /** Whether all were found. */
  static boolean run(Options options) throws InterruptedException {
    List<Mutant> mutants = options.chosen().isEmpty() ? Mutants.ALL : options.chosen();
    boolean all = true;
    System.out.println("| bug | found after | by |\n|---|---|---|");
    for (Mutant mutant : mutants) {
      Outcome found = hunt(mutant, options);
      all &= found != null;
      System.out.println(
          found == null
              ? "| %s | NOT within %d seeds | |".formatted(mutant.bug(), options.seeds())
              : "| %s | %d seeds | %s |"
                  .formatted(
                      mutant.bug(),
                      found.seed() - options.from() + 1,
                      nameOf(found.violations().get(0))));
    }
    return all;
  }

  /** The check's name, out of {@code 1.5 s name: text}. */
  private static String nameOf(String violation) {
    String text = violation.substring(violation.indexOf(" s  ") + 4);
    return text.substring(0, text.indexOf(':'));
  }

  /** The outcome of the lowest seed that fails; null if none does. */
  private static Outcome hunt(Mutant mutant, Options options) throws InterruptedException {
    AtomicLong next = new AtomicLong(options.from());
    AtomicLong end = new AtomicLong(options.from() + options.seeds());
    SortedMap<Long, Outcome> found = new ConcurrentSkipListMap<>();
    Runnable hunter =
        () -> {
          long seed = next.getAndIncrement();
          while (seed < end.get()) {
            Outcome outcome = History.run(seed, mutant.mutation(), null);
            if (outcome.failed()) {
              found.put(seed, outcome);
              end.accumulateAndGet(seed, Math::min); // lower ones may still fail
            }
            seed = next.getAndIncrement();
          }
        };
    List<Thread> hunters =
        Stream.generate(() -> new Thread(hunter)).limit(options.workers()).toList();
    hunters.forEach(Thread::start);
    for (Thread each : hunters) {
      each.join();
    }
    return found.isEmpty() ? null : found.get(found.firstKey());
  }
}
