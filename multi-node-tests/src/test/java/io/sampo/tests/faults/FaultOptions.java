package io.sampo.tests.faults;

/**
 * What the campaign is told.
 *
 * @param each begin every round with each kind of fault
 */
record FaultOptions(int minutes, long seed, int members, boolean each) {
  static final String USAGE = "faults [--minutes N] [--seed S] [--members N] [--each]";

  /**
   * Reads a command line.
   *
   * @throws IllegalArgumentException with a text for the user
   */
  static FaultOptions parse(String[] words) {
    FaultOptions options = new FaultOptions(5, 1, 3, false);
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals("--each")) {
        options = new FaultOptions(options.minutes, options.seed, options.members, true);
        continue;
      }
      if (i + 1 == words.length) {
        throw new IllegalArgumentException("a value is missing behind " + words[i]);
      }
      options = options.with(words[i], Integer.parseInt(words[++i]));
    }
    return options;
  }

  private FaultOptions with(String option, int value) {
    return switch (option) {
      case "--minutes" -> new FaultOptions(value, seed, members, each);
      case "--seed" -> new FaultOptions(minutes, value, members, each);
      case "--members" -> new FaultOptions(minutes, seed, value, each);
      default -> throw new IllegalArgumentException("unknown: " + option);
    };
  }
}
