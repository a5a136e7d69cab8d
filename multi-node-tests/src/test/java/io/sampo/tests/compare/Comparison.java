package io.sampo.tests.compare;

import com.google.gson.JsonParser;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All steps against one server, then against the other.
 *
 * @param etcdVersion of the server compared with
 * @param steps how many requests were compared
 */
public record Comparison(String etcdVersion, int steps, List<Difference> differences) {

  private static final int RANDOM_STEPS = 300;

  /** Runs the steps on both programs, each on an empty directory. */
  static Comparison run(ServerProgram etcd, ServerProgram other, long seed) {
    return run(etcd, other, steps(seed));
  }

  /**
   * Runs these steps on both programs.
   *
   * @param flags for both
   */
  static Comparison run(
      ServerProgram etcd, ServerProgram other, List<Step> steps, String... flags) {
    KnownDifferences known = KnownDifferences.load();
    List<Step> asked;
    Map<String, String> expected;
    String version;
    try (ServerUnderTest server = ServerUnderTest.start(etcd, flags)) {
      version = version(server);
      asked = steps.stream().filter(step -> !known.crashes(version, step.name())).toList();
      expected = answers(server, asked);
    }
    Map<String, String> actual;
    try (ServerUnderTest server = ServerUnderTest.start(other, flags)) {
      actual = answers(server, asked);
    }
    List<Difference> differences = new ArrayList<>();
    expected.forEach(
        (step, answer) -> {
          if (!answer.equals(actual.get(step))) {
            differences.add(
                new Difference(step, answer, actual.get(step), known.reason(version, step)));
          }
        });
    return new Comparison(version, expected.size(), differences);
  }

  /** Both, as if they were one. */
  public Comparison and(Comparison more) {
    List<Difference> all = new ArrayList<>(differences);
    all.addAll(more.differences);
    return new Comparison(etcdVersion, steps + more.steps, all);
  }

  private static List<Step> steps(long seed) {
    List<Step> steps = new ArrayList<>(KeyValueSteps.all());
    steps.addAll(RandomSteps.all(seed, RANDOM_STEPS));
    steps.addAll(SessionSteps.all());
    steps.addAll(OperationSteps.all());
    steps.addAll(HttpSteps.all());
    steps.addAll(RecipeSteps.all());
    return steps;
  }

  private static Map<String, String> answers(ServerUnderTest server, List<Step> steps) {
    Map<String, String> answers = new LinkedHashMap<>();
    try (GrpcClient client = new GrpcClient(server.endpoint());
        Sessions sessions = new Sessions()) {
      Target target = new Target(server, client, sessions);
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        String name = answers.containsKey(step.name()) ? step.name() + " #" + i : step.name();
        answers.put(name, answer(step, target));
      }
    }
    return answers;
  }

  private static String answer(Step step, Target target) {
    try {
      return step.run().apply(target);
    } catch (AssertionError e) {
      return "no answer: " + e.getMessage();
    }
  }

  private static String version(ServerUnderTest server) {
    String body = Http.tryGet(server.url() + "/version").orElseThrow().body();
    return JsonParser.parseString(body).getAsJsonObject().get("etcdserver").getAsString();
  }

  public List<Difference> unexplained() {
    return differences.stream().filter(difference -> difference.reason().isEmpty()).toList();
  }
}
