package io.sampo.tests.compare.metrics;

import io.sampo.tests.compare.AuthScript;
import io.sampo.tests.compare.RandomSteps;
import io.sampo.tests.compare.Step;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Phases of load, after each of which metrics are compared. Lines of the file are those of {@link
 * AuthScript}, with the member who is asked in front ({@code m2: - KV/Put …}; m1 if none is), and
 * these:
 *
 * <pre>
 * phase NAME                  what follows belongs to it
 * random COUNT                seeded requests, one after another
 * GET PATH                    over HTTP
 * restart MEMBER              SIGTERM, then a new start
 * kill MEMBER                 SIGKILL
 * start MEMBER
 * lead MEMBER                 move-leader, until it leads
 * join MEMBER | promote MEMBER | remove MEMBER
 * close                       every stream that is open
 * </pre>
 */
final class MetricsScript {

  /** What is done before the metrics are compared. */
  record Phase(String name, List<Consumer<MetricsCluster>> actions) {}

  private final long seed;
  private final List<Phase> phases = new ArrayList<>();

  private MetricsScript(long seed) {
    this.seed = seed;
  }

  /** The phases of {@code compare/metrics-NAME.txt}. */
  static List<Phase> load(String name, long seed) {
    String file = "/compare/metrics-" + name + ".txt";
    MetricsScript script = new MetricsScript(seed);
    try (InputStream bytes = MetricsScript.class.getResourceAsStream(file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(script::line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return script.phases;
  }

  private void line(String line) {
    String[] words = line.split(" +", 2);
    if (words[0].equals("phase")) {
      phases.add(new Phase(words[1], new ArrayList<>()));
    } else if (words[0].matches("m\\d:")) {
      phase().add(on(words[0].substring(0, 2), words[1]));
    } else {
      phase().add(on("m1", line));
    }
  }

  private List<Consumer<MetricsCluster>> phase() {
    return phases.get(phases.size() - 1).actions();
  }

  private Consumer<MetricsCluster> on(String member, String line) {
    String[] words = line.split(" +", 2);
    String rest = words.length > 1 ? words[1] : "";
    return switch (words[0]) {
      case "random" -> random(member, Integer.parseInt(rest));
      case "GET" -> cluster -> cluster.target(member).http("GET", rest, "");
      case "restart" -> cluster -> cluster.restart(rest);
      case "kill" -> cluster -> cluster.kill(rest);
      case "start" -> cluster -> cluster.start(rest);
      case "lead" -> cluster -> cluster.leads(rest);
      case "join" -> cluster -> cluster.join(rest);
      case "promote" -> cluster -> cluster.promote(rest);
      case "remove" -> cluster -> cluster.remove(rest);
      case "close" -> MetricsCluster::closeStreams;
      default -> {
        List<Step> steps = AuthScript.parse("", List.of(line));
        yield cluster -> steps.forEach(step -> step.run().apply(cluster.target(member)));
      }
    };
  }

  private Consumer<MetricsCluster> random(String member, int count) {
    List<Step> steps = RandomSteps.all(seed, count);
    return cluster -> steps.forEach(step -> step.run().apply(cluster.target(member)));
  }
}
