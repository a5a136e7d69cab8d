package io.sampo.node.auth;

import io.grpc.Status;
import io.sampo.node.request.RequestGate;
import io.sampo.node.state.PublishedState;
import io.sampo.node.state.auth.AuthTable;
import io.sampo.protocol.authpb.User;
import io.sampo.protocol.error.EtcdError;
import io.sampo.protocol.error.EtcdException;
import io.sampo.protocol.etcdserverpb.AuthenticateRequest;
import io.sampo.protocol.etcdserverpb.AuthenticateResponse;
import io.sampo.protocol.etcdserverpb.InternalAuthenticateRequest;
import io.sampo.protocol.etcdserverpb.InternalRaftRequest;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives tokens for passwords (etcd 3.7.1, etcdserver/v3_server.go). The password is compared here
 * and does not go into the log; if users or roles have changed by the time the entry is applied, it
 * is compared again.
 */
public final class Authentication {
  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

  /** Not among etcd's errors by design, so it shows as Go's text of it. */
  private static final EtcdException NO_PASSWORD_USER =
      new EtcdException(
          Status.Code.UNKNOWN,
          "auth: authentication failed, password was given for no password user");

  private final RequestGate gate;
  private final PublishedState state;
  private final TokenProvider tokens;
  private final PasswordHashes passwords;

  public Authentication(
      RequestGate gate, PublishedState state, TokenProvider tokens, PasswordHashes passwords) {
    this.gate = gate;
    this.state = state;
    this.tokens = tokens;
    this.passwords = passwords;
  }

  /** The token for that user's password; the header is as it was made at apply. */
  CompletableFuture<AuthenticateResponse> authenticate(AuthenticateRequest request) {
    return gate.linearizable().thenCompose(ready -> attempt(request));
  }

  private CompletableFuture<AuthenticateResponse> attempt(AuthenticateRequest request) {
    AuthTable table = state.get().auth();
    if (!table.enabled()) {
      return CompletableFuture.failedFuture(EtcdError.AUTH_NOT_ENABLED.exception());
    }
    User user = table.user(request.getName());
    if (user == null) {
      return CompletableFuture.failedFuture(failed(request, EtcdError.AUTH_FAILED.exception()));
    }
    if (user.getOptions().getNoPassword()) {
      return CompletableFuture.failedFuture(failed(request, NO_PASSWORD_USER));
    }
    return passwords
        .matches(user.getPassword().toByteArray(), request.getPassword())
        .thenCompose(
            matches ->
                matches
                    ? propose(request, table.revision())
                    : CompletableFuture.failedFuture(
                        failed(request, EtcdError.AUTH_FAILED.exception())));
  }

  private CompletableFuture<AuthenticateResponse> propose(
      AuthenticateRequest request, long comparedAt) {
    return gate.propose(
            InternalRaftRequest.newBuilder()
                .setAuthenticate(
                    InternalAuthenticateRequest.newBuilder()
                        .setName(request.getName())
                        .setSimpleToken(tokens.prefix())),
            AuthenticateResponse.class)
        .thenCompose(
            response -> {
              if (state.get().auth().revision() == comparedAt) {
                return CompletableFuture.completedFuture(response);
              }
              LOG.info("revision when password checked became stale; retrying");
              return attempt(request);
            });
  }

  private static EtcdException failed(AuthenticateRequest request, EtcdException why) {
    LOG.atWarn()
        .addKeyValue("user", request.getName())
        .addKeyValue("error", why.text())
        .log("invalid authentication was requested");
    return why;
  }
}
