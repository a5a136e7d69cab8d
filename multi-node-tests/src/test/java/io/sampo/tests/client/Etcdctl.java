package io.sampo.tests.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The etcdctl of the PATH, pointed at one server. */
public final class Etcdctl {

  private static final Map<String, String> ENVIRONMENT = Map.of("ETCDCTL_API", "3");

  private final List<String> program;

  public Etcdctl(ServerUnderTest server) {
    this(List.of("etcdctl", "--endpoints", server.endpoint()));
  }

  private Etcdctl(List<String> program) {
    this.program = program;
  }

  /** Over TLS, as the client that a certificate of the authority {@code ca} is for. */
  public static Etcdctl overTls(ServerUnderTest server, Certificates certificates, String client) {
    return new Etcdctl(
        List.of(
            "etcdctl",
            "--endpoints=" + server.tlsUrl(),
            "--cacert=" + certificates.cert("ca"),
            "--cert=" + certificates.cert(client),
            "--key=" + certificates.key(client)));
  }

  /** Runs a command to its end, whatever that is. */
  public CommandResult run(String... words) {
    return Command.of(command(words)).environment(ENVIRONMENT).run();
  }

  /** Runs a command that must succeed and returns the lines it wrote. */
  public List<String> lines(String... words) {
    return run(words).succeeded().lines();
  }

  /** Runs a command that must succeed with {@code -w json}. */
  public JsonElement json(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-w", "json"));
    String out = run(all.toArray(String[]::new)).succeeded().out();
    return JsonParser.parseString(out);
  }

  /** What {@code endpoint status} says of the server. */
  public JsonObject status() {
    return json("endpoint", "status")
        .getAsJsonArray()
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("Status");
  }

  /** Runs a command with text on its standard input. */
  public CommandResult typed(String input, String... words) {
    return Command.of(command(words)).environment(ENVIRONMENT).input(input).run();
  }

  /** Starts a command that goes on. */
  public RunningCommand start(String... words) {
    return RunningCommand.start(command(words), ENVIRONMENT);
  }

  /** Writes a key and returns the revision. */
  public long put(String key, String value, String... options) {
    List<String> words = new ArrayList<>(List.of("put", key, value));
    words.addAll(List.of(options));
    return revision(json(words.toArray(String[]::new)));
  }

  /** The store's revision. */
  public long revision() {
    return revision(json("get", "no-such-key"));
  }

  static long revision(JsonElement answer) {
    return answer.getAsJsonObject().getAsJsonObject("header").get("revision").getAsLong();
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(words));
    return command;
  }
}
