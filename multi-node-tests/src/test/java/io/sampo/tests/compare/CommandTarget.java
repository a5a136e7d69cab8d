package io.sampo.tests.compare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.sampo.protocol.etcdserverpb.Member;
import io.sampo.protocol.etcdserverpb.MemberListRequest;
import io.sampo.protocol.etcdserverpb.MemberListResponse;
import io.sampo.tests.grpc.GrpcClient;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.ClusterUnderTest;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import io.sampo.tests.process.TempDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A cluster of three, m1 its leader, and a fourth process that may join it; with the tools. */
final class CommandTarget implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final List<String> TOO_EARLY =
      List.of("unhealthy cluster", "can only promote a learner member which is in sync");

  /** {@code {id:m1}}, {@code {peer:m1}}, {@code {dir}}. */
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)(?::([^}]*))?}");

  private final TempDirectory files = TempDirectory.create("sampo-commands");
  private final Identities identities = new Identities();
  private final EtcdTools tools;
  private final ClusterUnderTest cluster;

  CommandTarget(ServerProgram program, EtcdTools tools) {
    this.tools = tools;
    cluster = ClusterUnderTest.start(program, 3, "--bcrypt-cost=4");
    cluster.join("m4", ServerUnderTest::peerPort);
    identities.text(files.path().toString(), "dir");
    for (ServerUnderTest member : cluster.members()) {
      identities.text(member.peerUrl(), "peer " + member.name());
      identities.text(member.endpoint(), "client " + member.name());
    }
    meet();
    leads("m1");
  }

  /** Runs etcdctl against some members, {@code m1,m2}, and returns its masked answer. */
  String etcdctl(String members, String line) {
    return shown(run(members, line));
  }

  /** Runs it again while it is refused because somebody has not been connected for long enough. */
  String untilSettled(String members, String line) {
    AtomicReference<CommandResult> last = new AtomicReference<>();
    Await.until(
        LIMIT,
        () -> last.get().toString(),
        () -> {
          last.set(run(members, line));
          return TOO_EARLY.stream().noneMatch(last.get().err()::contains);
        });
    return shown(last.get());
  }

  /** Several at once, as each takes its time; their answers in the given order. */
  String together(String members, List<String> lines) {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<CompletableFuture<CommandResult>> results =
          lines.stream()
              .map(line -> CompletableFuture.supplyAsync(() -> run(members, line), threads))
              .toList();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        text.append("# ").append(lines.get(i)).append('\n');
        text.append(CommandText.of(results.get(i).join(), identities));
      }
      return text.toString();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Runs etcdutl. */
  String etcdutl(String line) {
    return shown(command(Stream.of(tools.etcdutl()), line));
  }

  private CommandResult run(String members, String line) {
    String endpoints =
        Arrays.stream(members.split(","))
            .map(name -> member(name).endpoint())
            .collect(Collectors.joining(","));
    return command(Stream.of(tools.etcdctl(), "--endpoints", endpoints), line);
  }

  private CommandResult command(Stream<String> program, String line) {
    List<String> words =
        Stream.concat(program, Arrays.stream(line.split(" ")).map(this::filled)).toList();
    return Command.of(words).limit(LIMIT).run();
  }

  private String filled(String word) {
    return PLACE.matcher(word).replaceAll(place -> Matcher.quoteReplacement(value(place)));
  }

  private String value(MatchResult place) {
    return switch (place.group(1)) {
      case "id" -> identities.hex(place.group(2));
      case "peer" -> member(place.group(2)).peerUrl();
      case "dir" -> files.path().toString();
      default -> throw new IllegalArgumentException(place.group());
    };
  }

  private String shown(CommandResult result) {
    List<String> words = result.command();
    // In a format that it does not know, etcdctl adds the member and then fails.
    boolean done = result.exitCode() == 0 || result.err().contains("not supported as output");
    if (done && words.contains("member") && words.contains("add")) {
      meet();
    }
    return CommandText.of(result, identities);
  }

  /** Learns the ids of those who are in the cluster now. */
  private void meet() {
    ServerUnderTest first = cluster.members().get(0);
    try (GrpcClient client = new GrpcClient(first.endpoint())) {
      MemberListResponse list =
          client.call(
              "/etcdserverpb.Cluster/MemberList",
              MemberListRequest.getDefaultInstance(),
              MemberListResponse.getDefaultInstance());
      identities.id(list.getHeader().getClusterId(), "cluster");
      list.getMembersList().forEach(member -> identities.id(member.getID(), name(member)));
    }
  }

  private String name(Member member) {
    return cluster.members().stream()
        .filter(one -> member.getPeerURLsList().contains(one.peerUrl()))
        .map(ServerUnderTest::name)
        .findFirst()
        .orElseGet(() -> member.getName().isEmpty() ? member.getPeerURLs(0) : member.getName());
  }

  /** Makes it the leader, unless it is. */
  void leads(String name) {
    Await.until(
        LIMIT,
        () -> name + " does not lead",
        () -> {
          ServerUnderTest leader = cluster.leader();
          return leader.name().equals(name)
              || run(leader.name(), "move-leader {id:" + name + "}").exitCode() == 0
                  && cluster.leader().name().equals(name);
        });
  }

  /** From here on the URLs that somebody has or had do not give the same id again. */
  void untilNextSecond() {
    long second = Instant.now().getEpochSecond();
    Await.until(LIMIT, () -> "the clock stands", () -> Instant.now().getEpochSecond() > second);
  }

  /** etcd's members note it up to four seconds after they have agreed on the cluster's version. */
  void untilStorageVersionsAreNoted() {
    AtomicReference<String> last = new AtomicReference<>();
    Await.until(
        LIMIT,
        last::get,
        () -> {
          last.set(run("m1", "endpoint status --cluster -w json").out());
          for (JsonElement member : JsonParser.parseString(last.get()).getAsJsonArray()) {
            if (!isStorageVersionNoted(member.getAsJsonObject().getAsJsonObject("Status"))) {
              return false;
            }
          }
          return true;
        });
  }

  private static boolean isStorageVersionNoted(JsonObject status) {
    String version = status.get("version").getAsString();
    return !status.has("storageVersion")
        || status
            .get("storageVersion")
            .getAsString()
            .equals(version.substring(0, version.lastIndexOf('.')) + ".0");
  }

  ServerUnderTest member(String name) {
    return cluster.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Where the files of the commands are. */
  Path files() {
    return files.path();
  }

  @Override
  public void close() {
    cluster.close();
    files.close();
  }
}
