package io.sampo.node.auth;

import io.sampo.node.request.RequestGate;
import io.sampo.node.request.RequestName;
import io.sampo.node.state.NodeState;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.auth.AccessRules;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import io.sampo.protocol.etcdserverpb.RequestHeader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * Lets calls pass, each in the name of its caller (etcd 3.7.1, etcdserver/v3_server.go). What goes
 * through the log is checked where it is applied; what does not is checked here. While
 * authentication is off everything passes, for the price of one volatile read. For any thread.
 */
public final class AccessGate {
  private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);
  private static final Caller NOBODY = new Caller("", 0);

  private final RequestGate gate;
  private final PublishedState state;
  private final Callers callers;

  public AccessGate(RequestGate gate, PublishedState state, Callers callers) {
    this.gate = gate;
    this.state = state;
    this.callers = callers;
  }

  /** Whether authentication is on. */
  public boolean isOn() {
    return state.get().auth().enabled();
  }

  AuthTable table() {
    return state.get().auth();
  }

  /** For a stream that lasts. */
  public StreamAccess stream(Metadata metadata) {
    return new StreamAccess(this, metadata);
  }

  /** As {@link RequestGate#propose}, in the caller's name. Fails with INVALID_AUTH_TOKEN, too. */
  public <R> CompletableFuture<R> propose(
      Metadata metadata, InternalRaftRequest.Builder request, Class<R> response) {
    if (!isOn()) {
      return gate.propose(request, response);
    }
    String name = RequestName.of(request);
    return settled(metadata)
        .thenCompose(
            settled -> {
              Caller caller = caller(metadata, name);
              if (caller != NOBODY) {
                request.setHeader(
                    RequestHeader.newBuilder()
                        .setUsername(caller.user())
                        .setAuthRevision(caller.authRevision()));
              }
              CompletableFuture<R> answer = gate.propose(request, response);
              answer.whenComplete(
                  (done, why) -> AccessAudit.failed(metadata, caller.user(), name, why));
              return answer;
            });
  }

  /** Fails unless the caller has the role root. */
  public CompletableFuture<Void> admin(Metadata metadata) {
    return check(metadata, "role root", AccessRules::admin);
  }

  /** Fails unless somebody calls. */
  public CompletableFuture<Void> somebody(Metadata metadata) {
    return check(metadata, "a user", rules -> {});
  }

  /**
   * Fails unless the caller may do that, of which it has to be somebody.
   *
   * @param needs what that is, for the audit
   */
  public CompletableFuture<Void> check(
      Metadata metadata, String needs, Consumer<AccessRules> check) {
    if (!isOn()) {
      return OPEN;
    }
    return settled(metadata)
        .thenAccept(
            settled -> {
              Caller caller = caller(metadata, needs);
              check(
                  metadata,
                  caller,
                  needs,
                  rules -> {
                    if (caller == NOBODY) {
                      throw EtcdError.USER_EMPTY.exception();
                    }
                    check.accept(rules);
                  });
            });
  }

  /**
   * Completes when this member has applied the entry by which it knows the caller's token, which
   * may come from a member that is ahead. After a read barrier that is so, or it is no token.
   */
  public CompletableFuture<Void> settled(Metadata metadata) {
    return !isOn() || callers.isKnowable(metadata) ? OPEN : gate.linearizable();
  }

  /**
   * Lets a read begin. It has to be {@link #confirm}ed when it is done.
   *
   * @return who reads; null while authentication is off
   * @throws EtcdException why the caller may not read that
   */
  public Caller admit(Metadata metadata, Consumer<AccessRules> check) {
    if (!isOn()) {
      return null;
    }
    Caller caller = caller(metadata, "read");
    check(metadata, caller, "read", check);
    return caller;
  }

  /**
   * Whether what let a read begin still holds at its end.
   *
   * @throws EtcdException AUTH_OLD_REVISION
   */
  public void confirm(Caller admitted) {
    if (admitted != null
        && admitted.authRevision() != 0
        && admitted.authRevision() != state.get().auth().revision()) {
      throw EtcdError.AUTH_OLD_REVISION.exception();
    }
  }

  private Caller caller(Metadata metadata, String needs) {
    try {
      Caller caller = callers.caller(metadata);
      return caller == null ? NOBODY : caller;
    } catch (EtcdException e) {
      AccessAudit.failed(metadata, "", needs, e);
      throw e;
    }
  }

  private void check(Metadata metadata, Caller caller, String needs, Consumer<AccessRules> check) {
    NodeState now = state.get();
    try {
      check.accept(new AccessRules(now.auth(), now.leases(), caller.user(), caller.authRevision()));
    } catch (EtcdException e) {
      AccessAudit.failed(metadata, caller.user(), needs, e);
      throw e;
    }
  }
}
