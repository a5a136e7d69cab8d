package io.sampo.node.request;

import io.sampo.protocol.etcdserverpb.InternalRaftRequest;

/**
 * A request of the log as etcd writes it into a line: values are sizes, and passwords and tokens
 * are not there.
 */
public final class AppliedRequestText {
  private AppliedRequestText() {}

  public static String of(InternalRaftRequest request) {
    return switch (RequestKind.of(request)) {
      case LEASE_GRANT ->
          "header:<%s> lease_grant:<ttl:%d-second id:%016x>"
              .formatted(
                  header(request),
                  request.getLeaseGrant().getTTL(),
                  request.getLeaseGrant().getID());
      case LEASE_REVOKE ->
          "header:<%s> lease_revoke:<id:%016x>"
              .formatted(header(request), request.getLeaseRevoke().getID());
      case AUTHENTICATE ->
          "header:<%s> authenticate:<name:%s>"
              .formatted(header(request), request.getAuthenticate().getName());
      case USER_ADD ->
          "header:<%s> auth_user_add:<name:%s>"
              .formatted(header(request), request.getAuthUserAdd().getName());
      case PASSWORD ->
          "header:<%s> auth_user_change_password:<name:%s>"
              .formatted(header(request), request.getAuthUserChangePassword().getName());
      case PUT ->
          "header:<%s> put:<%s>".formatted(header(request), RequestText.of(request.getPut()));
      case TXN ->
          "header:<%s> txn:<%s>".formatted(header(request), RequestText.of(request.getTxn()));
      case OTHER -> RequestText.of(request);
    };
  }

  private static String header(InternalRaftRequest request) {
    return RequestText.of(request.getHeader());
  }

  /** Those that are not written whole. */
  private enum RequestKind {
    LEASE_GRANT,
    LEASE_REVOKE,
    AUTHENTICATE,
    USER_ADD,
    PASSWORD,
    PUT,
    TXN,
    OTHER;

    static RequestKind of(InternalRaftRequest request) {
      if (request.hasPut()) {
        return PUT;
      }
      if (request.hasTxn()) {
        return TXN;
      }
      if (request.hasLeaseGrant()) {
        return LEASE_GRANT;
      }
      if (request.hasLeaseRevoke()) {
        return LEASE_REVOKE;
      }
      if (request.hasAuthenticate()) {
        return AUTHENTICATE;
      }
      if (request.hasAuthUserAdd()) {
        return USER_ADD;
      }
      return request.hasAuthUserChangePassword() ? PASSWORD : OTHER;
    }
  }
}
