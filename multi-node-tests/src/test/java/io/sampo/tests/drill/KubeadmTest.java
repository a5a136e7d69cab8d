package io.sampo.tests.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.Command;
import io.sampo.tests.process.CommandResult;
import io.sampo.tests.process.Http;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.RunningCommand;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members with the command line that kubeadm gives a static pod of etcd, who join as kubeadm lets
 * them: as learners that are promoted. All certificates are then changed under load.
 */
@RequiresTool({"etcdctl", "openssl"})
class KubeadmTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Map<String, String> ENVIRONMENT = Map.of("ETCDCTL_API", "3");

  @TempDir Path folder;

  private final List<ServerUnderTest> members = new ArrayList<>();
  private Certificates certificates;

  /** The name of the certificate that clients show from now on. */
  private volatile String client = "client";

  @AfterEach
  void stop() {
    members.forEach(ServerUnderTest::close);
  }

  @Test
  void membersJoinAsLearnersAndAllCertificatesAreChanged() {
    certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("ca", "client");
    launch(ServerUnderTest.named(ServerProgram.underTest(), "m1", List.of()), "m1", List.of());
    etcdctl(0, "put", "/registry/first", "1").succeeded();
    join("m2");
    join("m3");
    for (int member = 0; member < members.size(); member++) {
      assertEquals(
          List.of("/registry/first", "1"), etcdctl(member, "get", "/registry/first").lines());
      assertEquals("ok", probe(member, "/readyz"));
      assertEquals("ok", probe(member, "/livez"));
    }
    certificatesAreChanged();
  }

  /** As kubeadm does: added as a learner, launched, and promoted when it has caught up. */
  private void join(String name) {
    ServerUnderTest member = ServerUnderTest.joining(ServerProgram.underTest(), name, members);
    String peerUrl = "https://127.0.0.1:" + member.peerPort();
    Await.until(
        LIMIT,
        () -> "not added: " + name,
        () ->
            etcdctl(0, "member", "add", name, "--learner", "--peer-urls=" + peerUrl).exitCode()
                == 0);
    launch(member, name, List.copyOf(members));
    String id = idOf(peerUrl);
    Await.until(
        LIMIT,
        () -> "not promoted: " + name,
        () -> etcdctl(0, "member", "promote", id).exitCode() == 0);
    int number = members.size() - 1;
    Await.until(LIMIT, member::log, () -> probe(number, "/readyz").equals("ok"));
  }

  private String idOf(String peerUrl) {
    return etcdctl(0, "member", "list").lines().stream()
        .filter(line -> line.contains(peerUrl))
        .map(line -> line.split(", ")[0])
        .findFirst()
        .orElseThrow();
  }

  private void launch(ServerUnderTest member, String name, List<ServerUnderTest> others) {
    certificates.issue("ca", name);
    certificates.issue("ca", name + "-peer");
    String url = member.tlsUrl().replace("127.0.0.1", "127.0.0.2");
    String peer = "https://127.0.0.1:" + member.peerPort();
    List<String> cluster = new ArrayList<>();
    others.forEach(other -> cluster.add(other.name() + "=https://127.0.0.1:" + other.peerPort()));
    cluster.add(name + "=" + peer);
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--name=" + name,
                "--feature-gates=InitialCorruptCheck=true",
                "--listen-client-urls=" + member.tlsUrl() + "," + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--cert-file=" + certificates.cert(name),
                "--key-file=" + certificates.key(name),
                "--trusted-ca-file=" + certificates.cert("ca"),
                "--client-cert-auth=true",
                "--peer-cert-file=" + certificates.cert(name + "-peer"),
                "--peer-key-file=" + certificates.key(name + "-peer"),
                "--peer-trusted-ca-file=" + certificates.cert("ca"),
                "--peer-client-cert-auth=true",
                "--snapshot-count=10000",
                "--listen-metrics-urls=" + member.url(),
                "--watch-progress-notify-interval=5s",
                "--initial-cluster=" + String.join(",", cluster)));
    if (!others.isEmpty()) {
      flags.add("--initial-cluster-state=existing");
    }
    members.add(member);
    member.launchWith(flags.toArray(String[]::new));
    String ready = others.isEmpty() ? "ready to serve client requests" : "serving client traffic";
    Await.until(LIMIT, member::log, () -> member.log().contains(ready));
  }

  /** Every file is replaced while one client connects for each put and another stays connected. */
  private void certificatesAreChanged() {
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    List<String> before = serials();
    try (RunningCommand watch =
        RunningCommand.start(command(2, "watch", "/registry/", "--prefix"), ENVIRONMENT)) {
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> {
                while (!stopped.get()) {
                  int number = written.get();
                  etcdctl(number % 3, "put", "/registry/" + number, "" + number).succeeded();
                  written.incrementAndGet();
                }
              });
      awaitMore(written, load, watch);
      for (ServerUnderTest member : members) {
        certificates.issue("ca", member.name());
        certificates.issue("ca", member.name() + "-peer");
      }
      certificates.issue("ca", "newer-client");
      client = "newer-client";
      awaitMore(written, load, watch);
      stopped.set(true);
      load.join();
    }
    List<String> after = serials();
    for (int i = 0; i < before.size(); i++) {
      assertNotEquals(before.get(i), after.get(i), "shown to new connections");
    }
    // Whoever is started anew meets the others with the new files.
    ServerUnderTest last = members.get(2);
    last.stop();
    etcdctl(0, "put", "/registry/last", "1").succeeded();
    last.launch();
    Await.until(LIMIT, last::log, () -> probe(2, "/readyz").equals("ok"));
    List<String> keys = etcdctl(2, "get", "/registry/", "--prefix", "--keys-only").lines();
    assertEquals(written.get() + 2, keys.stream().filter(line -> !line.isBlank()).count());
  }

  /** Waits for some more puts, of which the watch sees the last. */
  private static void awaitMore(
      AtomicInteger written, CompletableFuture<Void> load, RunningCommand watch) {
    int goal = written.get() + 3;
    Await.until(
        LIMIT,
        () -> "no more puts",
        () -> {
          assertFalse(load.isCompletedExceptionally(), load::toString);
          return written.get() >= goal;
        });
    watch.awaitLines("PUT", "/registry/" + goal, "" + goal);
  }

  /** Of the certificates that new connections see, at every port. */
  private List<String> serials() {
    List<String> serials = new ArrayList<>();
    for (ServerUnderTest member : members) {
      serials.add(serial(member.tlsUrl().substring("https://".length())));
      serials.add(serial("127.0.0.1:" + member.peerPort()));
    }
    return serials;
  }

  private String serial(String address) {
    String shown =
        Command.of(
                List.of(
                    "openssl",
                    "s_client",
                    "-connect",
                    address,
                    "-cert",
                    certificates.cert(client),
                    "-key",
                    certificates.key(client)))
            .run()
            .out();
    return Command.of(List.of("openssl", "x509", "-noout", "-serial"))
        .input(shown)
        .run()
        .succeeded()
        .out();
  }

  private String probe(int member, String path) {
    return Http.tryGet(members.get(member).url() + path)
        .map(answer -> answer.body().strip())
        .orElse("nothing");
  }

  private CommandResult etcdctl(int member, String... words) {
    return Command.of(command(member, words)).environment(ENVIRONMENT).run();
  }

  private List<String> command(int member, String... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "etcdctl",
                "--endpoints=" + members.get(member).tlsUrl(),
                "--cacert=" + certificates.cert("ca"),
                "--cert=" + certificates.cert(client),
                "--key=" + certificates.key(client)));
    command.addAll(List.of(words));
    return command;
  }
}
