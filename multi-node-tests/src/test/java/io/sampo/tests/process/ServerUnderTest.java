package io.sampo.tests.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * One member of a one-member cluster as a process of its own, on free loopback ports. It can be
 * stopped, killed, paused and started again on the same data; {@link #close} ends it and removes
 * its files.
 */
public final class ServerUnderTest implements AutoCloseable {

  /** Generous: a machine with two cores may run several builds. */
  private static final Duration START_LIMIT = Duration.ofMinutes(4);

  private static final String READY = "ready to serve client requests";

  private final ServerProgram program;
  private final TempDirectory home = TempDirectory.create("sampo-server");
  private final Path dataDirectory;
  private final int clientPort = FreePorts.take();
  private final int tlsPort = FreePorts.take();
  private final int peerPort = FreePorts.take();
  private int advertisedPeerPort = peerPort;
  private List<String> extraFlags;
  private final Map<String, String> environment = new HashMap<>();
  private String name = "m1";
  private String initialCluster = "";
  private Process process;
  private int starts;
  private long launchedNanos;
  private Duration timeToReady = Duration.ZERO;

  private ServerUnderTest(ServerProgram program, Path dataDirectory, List<String> extraFlags) {
    this.program = program;
    this.dataDirectory = dataDirectory == null ? home.path().resolve("data") : dataDirectory;
    this.extraFlags = List.copyOf(extraFlags);
  }

  /**
   * The members of one new cluster, m1, m2 and so on; none is launched.
   *
   * @param advertised at which port others are to reach a member; {@link #peerPort} is where it
   *     listens
   * @param extraFlags by the member's number, counted from 1
   */
  static List<ServerUnderTest> ofCluster(
      ServerProgram program,
      int size,
      ToIntFunction<ServerUnderTest> advertised,
      IntFunction<List<String>> extraFlags) {
    List<ServerUnderTest> members = new ArrayList<>();
    List<String> cluster = new ArrayList<>();
    for (int number = 1; number <= size; number++) {
      ServerUnderTest member = new ServerUnderTest(program, null, extraFlags.apply(number));
      member.name = "m" + number;
      member.advertisedPeerPort = advertised.applyAsInt(member);
      cluster.add(member.name + "=" + member.peerUrl());
      members.add(member);
    }
    members.forEach(member -> member.initialCluster = String.join(",", cluster));
    return members;
  }

  /**
   * A member that will join a cluster; the others have to be told of its {@link #peerUrl} before it
   * is started.
   *
   * @param others everybody who is in the cluster by then
   */
  public static ServerUnderTest joining(
      ServerProgram program, String name, List<ServerUnderTest> others, String... extraFlags) {
    return joining(program, name, others, ServerUnderTest::peerPort, List.of(extraFlags));
  }

  /**
   * A member that is to join, as {@code member add} has told it; not launched.
   *
   * @param others who is in the cluster, with their names
   */
  static ServerUnderTest joining(
      ServerProgram program,
      String name,
      List<ServerUnderTest> others,
      ToIntFunction<ServerUnderTest> advertised,
      List<String> extraFlags) {
    List<String> flags = new ArrayList<>(extraFlags);
    flags.add("--initial-cluster-state=existing");
    ServerUnderTest member = new ServerUnderTest(program, null, flags);
    member.name = name;
    member.advertisedPeerPort = advertised.applyAsInt(member);
    List<String> cluster = new ArrayList<>(List.of(name + "=" + member.peerUrl()));
    others.forEach(other -> cluster.add(other.name + "=" + other.peerUrl()));
    member.initialCluster = String.join(",", cluster);
    return member;
  }

  /** A member on an empty directory of its own, serving when this returns. */
  public static ServerUnderTest start(ServerProgram program, String... extraFlags) {
    return startOn(program, null, extraFlags);
  }

  /** A member on the given directory (null: an empty one), serving when this returns. */
  public static ServerUnderTest startOn(
      ServerProgram program, Path dataDirectory, String... extraFlags) {
    ServerUnderTest server = new ServerUnderTest(program, dataDirectory, List.of(extraFlags));
    try {
      server.start();
      return server;
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /** A member on the given directory, not launched yet. */
  public static ServerUnderTest preparedOn(
      ServerProgram program, Path dataDirectory, String... extraFlags) {
    return new ServerUnderTest(program, dataDirectory, List.of(extraFlags));
  }

  /** A member that has to find out with whom it begins; not launched yet. */
  public static ServerUnderTest named(ServerProgram program, String name, List<String> extraFlags) {
    ServerUnderTest server = new ServerUnderTest(program, null, extraFlags);
    server.name = name;
    return server;
  }

  /** A variable of all processes from now on. */
  public void setEnvironment(String variable, String value) {
    environment.put(variable, value);
  }

  /** Starts the process again after {@link #stop} or {@link #kill}; serving when this returns. */
  public void start() {
    launch();
    awaitReady();
  }

  /** Starts the process with other flags than at its creation, and returns at once. */
  public void launchWith(String... flags) {
    extraFlags = List.of(flags);
    launch();
  }

  /** Starts the process and returns at once. */
  public void launch() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("already running");
    }
    starts++;
    launchedNanos = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(logFile(starts).toFile());
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command() {
    String client = "http://127.0.0.1:" + clientPort;
    if (extraFlags.stream().anyMatch(flag -> flag.startsWith("--cert-file="))) {
      client += "," + tlsUrl();
    }
    String peer = peerUrl();
    List<String> words = new ArrayList<>(program.command());
    words.addAll(
        List.of(
            "--name=" + name,
            "--data-dir=" + dataDirectory,
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peerUrl(peerPort),
            "--initial-advertise-peer-urls=" + peer));
    if (extraFlags.stream().noneMatch(flag -> flag.startsWith("--discovery-"))) {
      words.add("--initial-cluster=" + initialCluster());
    }
    words.addAll(extraFlags);
    return words;
  }

  /** Returns when the process says it is ready and answers a linearizable read. */
  public void awaitReady() {
    Await.until(
        START_LIMIT,
        () -> program.name() + " is not ready:\n" + logTail(),
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError(
                program.name() + " ended with code " + process.exitValue() + ":\n" + logTail());
          }
          return log().contains(READY)
              && Http.tryGet(url() + "/health").map(answer -> answer.status() == 200).orElse(false);
        });
    timeToReady = Duration.ofNanos(System.nanoTime() - launchedNanos);
  }

  /** Whether the member says of itself that it leads. */
  boolean leads() {
    return Http.tryGet(url() + "/metrics")
        .map(page -> page.body().contains("\netcd_server_is_leader 1"))
        .orElse(false);
  }

  /** SIGKILL; returns at once. */
  public void signalKill() {
    process.destroyForcibly();
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(60));
  }

  /** SIGTERM; returns the time it took to end. */
  public Duration stop() {
    long begin = System.nanoTime();
    process.destroy();
    awaitExit(Duration.ofSeconds(20));
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Waits for the end of the process and returns its exit code. */
  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(program.name() + " still runs after " + limit + "\n" + logTail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGSTOP. */
  public void pause() {
    signal("-STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("-CONT");
  }

  private void signal(String name) {
    Command.of(List.of("kill", name, Long.toString(pid()))).run().succeeded();
  }

  /** Ends the process (SIGKILL) and removes its files. */
  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      kill();
    }
    home.close();
  }

  /** How long the last start took, from the start of the process to its first linearizable read. */
  public Duration timeToReady() {
    return timeToReady;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  public int clientPort() {
    return clientPort;
  }

  /** Where it listens for other members. */
  public int peerPort() {
    return peerPort;
  }

  public String name() {
    return name;
  }

  /** The members that it begins with. */
  public String initialCluster() {
    return initialCluster.isEmpty() ? name + "=" + peerUrl() : initialCluster;
  }

  /** Where it listens with TLS too, if a flag names a certificate for clients. */
  public String tlsUrl() {
    return "https://127.0.0.1:" + tlsPort;
  }

  /** Where other members reach it. */
  public String peerUrl() {
    return peerUrl(advertisedPeerPort);
  }

  private String peerUrl(int port) {
    boolean tls = extraFlags.stream().anyMatch(flag -> flag.startsWith("--peer-cert-file="));
    return (tls ? "https" : "http") + "://127.0.0.1:" + port;
  }

  /** Host and port for gRPC clients and etcdctl. */
  public String endpoint() {
    return "127.0.0.1:" + clientPort;
  }

  /** The same as an HTTP URL without a path. */
  public String url() {
    return "http://" + endpoint();
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  /** A directory for files of the test, removed with the server. */
  public Path home() {
    return home.path();
  }

  /** What the last started process wrote so far. */
  public String log() {
    return log(starts);
  }

  /** What the process of each start wrote, in their order. */
  public List<String> logs() {
    return IntStream.rangeClosed(1, starts).mapToObj(this::log).toList();
  }

  private String log(int start) {
    Path file = logFile(start);
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path logFile(int start) {
    return home.path().resolve("log-" + start);
  }

  private String logTail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }
}
