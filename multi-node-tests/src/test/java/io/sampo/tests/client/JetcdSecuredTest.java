package io.sampo.tests.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.election.LeaderResponse;
import io.etcd.jetcd.lock.LockResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.sampo.tests.process.Await;
import io.sampo.tests.process.Certificates;
import io.sampo.tests.process.RequiresTool;
import io.sampo.tests.process.ServerProgram;
import io.sampo.tests.process.ServerUnderTest;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client at a node that wants a certificate and a password. */
@RequiresTool("openssl")
class JetcdSecuredTest {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  @TempDir static Path folder;

  private static Certificates certificates;
  private static ServerUnderTest server;
  private static Client alice;

  @BeforeAll
  static void start() throws Exception {
    certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.authority("elsewhere");
    certificates.issue("ca", "server");
    certificates.issue("ca", "user");
    certificates.issue("elsewhere", "stranger");
    server =
        ServerUnderTest.start(
            ServerProgram.underTest(),
            "--cert-file=" + certificates.cert("server"),
            "--key-file=" + certificates.key("server"),
            "--trusted-ca-file=" + certificates.cert("ca"),
            "--client-cert-auth");
    try (Client anyone = secured("ca", "user").build()) {
      makeUsers(anyone.getAuthClient());
    }
    alice = secured("ca", "user").user(text("alice")).password(text("secret")).build();
  }

  /** {@code alice} may read and write below {@code a/}, and root everything. */
  private static void makeUsers(Auth auth) throws Exception {
    get(auth.userAdd(text("root"), text("top")));
    get(auth.userGrantRole(text("root"), text("root")));
    get(auth.userAdd(text("alice"), text("secret")));
    get(auth.roleAdd(text("writer")));
    get(
        auth.roleGrantPermission(
            text("writer"), text("a/"), text("a0"), Permission.Type.READWRITE));
    get(auth.userGrantRole(text("alice"), text("writer")));
    get(auth.authEnable());
  }

  @AfterAll
  static void stop() {
    if (alice != null) {
      alice.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static ClientBuilder secured(String authority, String name) throws Exception {
    return Client.builder()
        .endpoints(server.tlsUrl())
        .sslContext(
            context ->
                context
                    .trustManager(new File(certificates.cert(authority)))
                    .keyManager(
                        new File(certificates.cert(name)), new File(certificates.key(name))));
  }

  private static ByteSequence text(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private static void assertRefused(String reason, CompletableFuture<?> call) {
    ExecutionException refused = assertThrows(ExecutionException.class, () -> get(call));
    assertTrue(refused.getMessage().contains(reason), refused::getMessage);
  }

  private static long grant() throws Exception {
    return get(alice.getLeaseClient().grant(300)).getID();
  }

  @Test
  void aUserReadsAndWritesHerOwnKeysAndNoOthers() throws Exception {
    get(alice.getKVClient().put(text("a/key"), text("value")));
    assertEquals(
        text("value"), get(alice.getKVClient().get(text("a/key"))).getKvs().get(0).getValue());
    assertRefused("permission denied", alice.getKVClient().put(text("b"), text("value")));
    assertRefused("permission denied", alice.getAuthClient().userAdd(text("eve"), text("")));
  }

  @Test
  void whoGuessesAPasswordIsRefused() throws Exception {
    try (Client wrong =
        secured("ca", "user").user(text("alice")).password(text("guessed")).build()) {
      assertRefused("UNAUTHENTICATED", wrong.getKVClient().get(text("a/key")));
    }
  }

  @Test
  void rootSeesUsersRolesAndPermissions() throws Exception {
    try (Client root = secured("ca", "user").user(text("root")).password(text("top")).build()) {
      Auth auth = root.getAuthClient();
      assertEquals(List.of("alice", "root"), get(auth.userList()).getUsers());
      assertEquals(List.of("writer"), get(auth.userGet(text("alice"))).getRoles());
      Permission granted = get(auth.roleGet(text("writer"))).getPermissions().get(0);
      assertEquals(text("a/"), granted.getKey());
      assertEquals(text("a0"), granted.getRangeEnd());
      assertEquals(Permission.Type.READWRITE, granted.getPermType());
    }
  }

  @Test
  @SuppressWarnings("try") // open for its effect
  void aUserWatchesHerKeys() throws Exception {
    long from =
        get(alice.getKVClient().put(text("a/watched"), text("1"))).getHeader().getRevision();
    BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    WatchOption option = WatchOption.builder().withRevision(from).build();
    try (Watch.Watcher watcher =
        alice
            .getWatchClient()
            .watch(text("a/watched"), option, answer -> events.addAll(answer.getEvents()))) {
      get(alice.getKVClient().put(text("a/watched"), text("2")));
      assertEquals(
          text("1"), events.poll(LIMIT.toSeconds(), TimeUnit.SECONDS).getKeyValue().getValue());
      assertEquals(
          text("2"), events.poll(LIMIT.toSeconds(), TimeUnit.SECONDS).getKeyValue().getValue());
    }
  }

  @Test
  void aUserLocksBelowHerKeysOnly() throws Exception {
    LockResponse first = get(alice.getLockClient().lock(text("a/lock"), grant()));
    CompletableFuture<LockResponse> second = alice.getLockClient().lock(text("a/lock"), grant());
    Await.until(LIMIT, () -> "nobody waits", () -> keysBelow("a/lock/") == 2);
    assertFalse(second.isDone());
    get(alice.getLockClient().unlock(first.getKey()));
    assertTrue(get(second).getKey().toString().startsWith("a/lock/"));
    assertRefused("permission denied", alice.getLockClient().lock(text("lock"), grant()));
  }

  private static long keysBelow(String prefix) {
    GetOption option = GetOption.builder().isPrefix(true).withCountOnly(true).build();
    return alice.getKVClient().get(text(prefix), option).join().getCount();
  }

  @Test
  void aUserIsElectedAndObserved() throws Exception {
    Election election = alice.getElectionClient();
    CampaignResponse won = get(election.campaign(text("a/jobs"), grant(), text("one")));
    BlockingQueue<String> leaders = new LinkedBlockingQueue<>();
    election.observe(text("a/jobs"), new Leaders(leaders));
    assertEquals("one", leaders.poll(LIMIT.toSeconds(), TimeUnit.SECONDS));
    get(election.proclaim(won.getLeader(), text("two")));
    assertEquals("two", leaders.poll(LIMIT.toSeconds(), TimeUnit.SECONDS));
    get(election.resign(won.getLeader()));
    assertRefused("permission denied", election.campaign(text("jobs"), grant(), text("one")));
  }

  private record Leaders(BlockingQueue<String> names) implements Election.Listener {
    @Override
    public void onNext(LeaderResponse leader) {
      names.add(leader.getKv().getValue().toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onError(Throwable error) {
      names.add("error: " + error);
    }

    @Override
    public void onCompleted() {}
  }

  /** One direction is refused by the node, the other by the client. */
  @Test
  void certificatesOfAnotherAuthorityAreRefused() throws Exception {
    for (ClientBuilder refused : List.of(secured("ca", "stranger"), secured("elsewhere", "user"))) {
      try (Client client = refused.waitForReady(false).retryMaxAttempts(1).build()) {
        assertRefused("UNAVAILABLE", client.getKVClient().get(text("a/key")));
      }
    }
  }
}
