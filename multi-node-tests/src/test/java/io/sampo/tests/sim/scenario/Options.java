package io.sampo.tests.sim.scenario;

import io.sampo.tests.sim.mutant.Mutant;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The words after the command.
 *
 * @param seed of the one history to repeat; empty for a campaign
 * @param hashes where each seed's trace hash goes
 * @param chosen which mutants; none for nothing, or for all
 */
record Options(
    long seeds,
    long from,
    OptionalLong seed,
    boolean timeline,
    boolean mutants,
    List<Mutant> chosen,
    int workers,
    Optional<Path> hashes) {

  private static final String USAGE =
      """
      simulate --seeds N [--from S] [--workers W]         runs N histories, from seed S (1);
               [--hashes FILE]                            and writes what each of them came to
      simulate --seed X [--timeline] [--mutant NAME]      repeats one
      simulate --mutants [--seeds N] [--mutant A,B,...]   puts each known bug in and looks for it (N = 2000)
      """;

  static Options parse(String[] words) {
    long seeds = 0;
    long from = 1;
    OptionalLong seed = OptionalLong.empty();
    boolean timeline = false;
    boolean mutants = false;
    List<Mutant> chosen = List.of();
    Optional<Path> hashes = Optional.empty();
    int workers = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < words.length; i++) {
      switch (words[i]) {
        case "--seeds" -> seeds = Long.parseLong(words[++i]);
        case "--from" -> from = Long.parseLong(words[++i]);
        case "--seed" -> seed = OptionalLong.of(Long.parseLong(words[++i]));
        case "--timeline" -> timeline = true;
        case "--mutants" -> mutants = true;
        case "--mutant" -> chosen = Stream.of(words[++i].split(",")).map(Mutant::named).toList();
        case "--hashes" -> hashes = Optional.of(Path.of(words[++i]));
        case "--workers" -> workers = Integer.parseInt(words[++i]);
        default -> throw new IllegalArgumentException("unknown: " + words[i] + "\n" + USAGE);
      }
    }
    if (seeds == 0 && seed.isEmpty() && !mutants) {
      throw new IllegalArgumentException(USAGE);
    }
    return new Options(
        seeds == 0 ? 2000 : seeds, from, seed, timeline, mutants, chosen, workers, hashes);
  }

  /** The bug of a repeated history; null for nothing. */
  Mutant mutant() {
    return chosen.isEmpty() ? null : chosen.get(0);
  }
}
