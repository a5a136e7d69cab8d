package io.sampo.tests.compare;

import io.sampo.tests.process.ServerProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands of an operator on a cluster of one program, then on one of the other.
 *
 * @param steps how many answers were compared
 */
record ClusterComparison(int steps, List<Difference> differences) {

  static ClusterComparison run(
      ServerProgram etcd, String etcdVersion, ServerProgram other, EtcdTools tools) {
    KnownDifferences known = KnownDifferences.load();
    List<CommandStep> steps = ClusterSteps.all();
    Map<String, String> expected = answers(etcd, tools, steps);
    Map<String, String> actual = answers(other, tools, steps);
    List<Difference> differences = new ArrayList<>();
    expected.forEach(
        (step, answer) -> {
          if (!answer.equals(actual.get(step))) {
            differences.add(
                new Difference(step, answer, actual.get(step), known.reason(etcdVersion, step)));
          }
        });
    return new ClusterComparison(expected.size(), differences);
  }

  private static Map<String, String> answers(
      ServerProgram program, EtcdTools tools, List<CommandStep> steps) {
    Map<String, String> answers = new LinkedHashMap<>();
    try (CommandTarget target = new CommandTarget(program, tools)) {
      for (CommandStep step : steps) {
        String text = step.run().apply(target);
        String name = step.name();
        for (int again = 2; answers.containsKey(name); again++) {
          name = step.name() + " #" + again;
        }
        answers.put(name, text);
      }
    }
    return answers;
  }

  List<Difference> unexplained() {
    return differences.stream().filter(difference -> difference.reason().isEmpty()).toList();
  }
}
