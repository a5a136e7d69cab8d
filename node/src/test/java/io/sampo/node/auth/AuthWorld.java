package io.sampo.node.auth;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.sampo.node.edge.Answers;
import io.sampo.node.edge.LongWork;
import io.sampo.node.kv.KvService;
import io.sampo.node.kv.RangeMetrics;
import io.sampo.node.metrics.MetricsRegistry;
import io.sampo.node.raft.RaftCommand;
import io.sampo.node.raft.RaftStatus;
import io.sampo.node.raft.RoleName;
import io.sampo.node.request.PendingRequests;
import io.sampo.node.request.Proposer;
import io.sampo.node.request.ReadBarrier;
import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestIds;
import io.sampo.node.request.RequestMetrics;
import io.sampo.node.request.ResponseHeaders;
import io.sampo.node.request.SlowApplyMetrics;
import io.sampo.node.state.ApplyResult;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.Quota;
import io.sampo.node.state.StateMachine;
import io.sampo.node.state.StateSettings;
import io.sampo.protocol.authpb.Permission;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.error.SendLimit;
import io.sampo.protocol.etcdserverpb.AuthEnableRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleAddRequest;
import io.sampo.protocol.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.sampo.protocol.etcdserverpb.AuthUserAddRequest;
import io.sampo.protocol.etcdserverpb.AuthUserGrantRoleRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.grpc.javadsl.Metadata;
import org.apache.pekko.grpc.javadsl.MetadataBuilder;

/** A node without Raft: what is proposed is applied when somebody waits for it. */
final class AuthWorld {
  static final long MEMBER = 0xae;
  static final long CLUSTER = 0xc1;
  static final Metadata NOBODY = new MetadataBuilder().build();

  private static final RaftStatus STATUS =
      new RaftStatus(MEMBER, 7, MEMBER, RoleName.LEADER, 12, 11);

  final MetricsRegistry registry = new MetricsRegistry();
  final TestInbox<RaftCommand> raft = TestInbox.create();
  final TestInbox<ReadBarrier.Command> barrier = TestInbox.create();
  final StateMachine machine = new StateMachine(StateSettings.DEFAULT);
  final PublishedState state = new PublishedState(machine.state());
  final SimpleTokens tokens = new SimpleTokens(0, () -> 0, () -> new Random(1));
  final TokenEvents tokenEvents = new TokenEvents(tokens, machine.auth());

  /** What was proposed, as it went into the log. */
  final List<byte[]> log = new ArrayList<>();

  /** Where reads go on that are not done at once. */
  Executor longWork = Runnable::run;

  private final PendingRequests<ApplyResult> pending =
      new PendingRequests<>(() -> 0, Long.MAX_VALUE);
  final RequestGate gate = gate();
  final AccessGate access = new AccessGate(gate, state, new Callers(state, tokens, true));
  final ResponseHeaders headers =
      new ResponseHeaders(CLUSTER, MEMBER, () -> STATUS, () -> state.keys().revision());
  final PasswordHashes passwords = new PasswordHashes(4, () -> new Random(1), Runnable::run);
  final AuthService auth =
      new AuthService(
          access, new Authentication(gate, state, tokens, passwords), passwords, headers);
  final KvService kv =
      new KvService(
          gate,
          access,
          state,
          headers,
          new KvService.Limits(128, 1 << 20, SendLimit.ETCD),
          new RangeMetrics(registry, () -> 0, new SlowApplyMetrics(registry, 1)),
          new RequestMetrics(registry, () -> 0, () -> 0),
          new LongWork(task -> longWork.execute(task)));
  private long index;

  private RequestGate gate() {
    return new RequestGate(
        new Proposer<>(
            raft.getRef(),
            () -> 0,
            new RequestIds(1, 0),
            pending,
            1 << 20,
            false,
            new RequestMetrics(new MetricsRegistry(), () -> 0, () -> 0)),
        barrier.getRef(),
        state,
        Quota.ofFlag(0),
        MEMBER,
        new Answers(Runnable::run));
  }

  /**
   * Authentication with root and a user "app", whose password is "secret", that has below "app/".
   */
  AuthWorld on() {
    addUser("root", "rootsecret");
    done(auth.userGrantRole(grant("root", "root"), NOBODY));
    done(auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("app").build(), NOBODY));
    done(
        auth.roleGrantPermission(
            AuthRoleGrantPermissionRequest.newBuilder()
                .setName("app")
                .setPerm(
                    Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(bytes("app/"))
                        .setRangeEnd(bytes("app0")))
                .build(),
            NOBODY));
    addUser("app", "secret");
    done(auth.userGrantRole(grant("app", "app"), NOBODY));
    done(auth.authEnable(AuthEnableRequest.getDefaultInstance(), NOBODY));
    return this;
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static AuthUserGrantRoleRequest grant(String user, String role) {
    return AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build();
  }

  void addUser(String name, String password) {
    done(
        auth.userAdd(
            AuthUserAddRequest.newBuilder().setName(name).setPassword(password).build(), NOBODY));
  }

  /** Metadata with a token that was just given for the password. */
  Metadata as(String user, String password) {
    return withToken(
        done(auth.authenticate(
                AuthenticateRequest.newBuilder().setName(user).setPassword(password).build(),
                NOBODY))
            .getToken());
  }

  static Metadata withToken(String token) {
    return new MetadataBuilder().addText("token", token).build();
  }

  Metadata app() {
    return as("app", "secret");
  }

  Metadata root() {
    return as("root", "rootsecret");
  }

  /** The next proposal is applied; false if there is none. */
  boolean applyOne() {
    if (!raft.hasMessages()) {
      return false;
    }
    byte[] data = ((RaftCommand.Propose) raft.receiveMessage()).data();
    log.add(data);
    try {
      InternalRaftRequest request = InternalRaftRequest.parseFrom(data);
      ApplyResult result = tokenEvents.applied(machine.apply(request, ++index, 7), false);
      state.set(machine.state());
      pending.complete(result.requestId(), result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return true;
  }

  /** The next reader passes the barrier; false if there is none. */
  boolean releaseOne() {
    if (!barrier.hasMessages()) {
      return false;
    }
    ((ReadBarrier.Await) barrier.receiveMessage()).replyTo().tell(null);
    return true;
  }

  /** Lets happen what has to for that answer. */
  <T> T done(CompletionStage<T> answer) {
    while (!answer.toCompletableFuture().isDone() && (applyOne() || releaseOne())) {
      // One step after the other.
    }
    return answer.toCompletableFuture().join();
  }

  /** Why that fails. */
  EtcdException failure(CompletionStage<?> answer) {
    var failure = assertThrows(CompletionException.class, () -> done(answer));
    return (EtcdException) EtcdException.causeOf(failure);
  }
}
