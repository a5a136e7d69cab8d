package io.sampo.protocol.error;

import io.grpc.Status;
import java.util.Arrays;
import java.util.Optional;

/**
 * Every error that an etcd 3.7.1 server returns by design (api/v3rpc/rpctypes). Clients compare the
 * text, so code and text are both part of the contract.
 */
public enum EtcdError {
  CORRUPT(Status.Code.DATA_LOSS, "etcdserver: corrupt cluster"),

  WATCH_CANCELED(Status.Code.CANCELLED, "etcdserver: watch canceled"),
  REQUEST_CANCELED(Status.Code.CANCELLED, "etcdserver: request canceled"),

  DEADLINE(Status.Code.DEADLINE_EXCEEDED, "etcdserver: context deadline exceeded"),

  LEASE_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: lease already exists"),
  MEMBER_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: member ID already exist"),
  PEER_URL_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists"),
  MEMBER_NOT_LEARNER(
      Status.Code.FAILED_PRECONDITION, "etcdserver: can only promote a learner member"),
  LEARNER_NOT_READY(
      Status.Code.FAILED_PRECONDITION,
      "etcdserver: can only promote a learner member which is in sync with leader"),
  TOO_MANY_LEARNERS(
      Status.Code.FAILED_PRECONDITION, "etcdserver: too many learner members in cluster"),
  CLUSTER_ID_MISMATCH(Status.Code.FAILED_PRECONDITION, "etcdserver: cluster ID mismatch"),
  ROOT_USER_NOT_EXIST(Status.Code.FAILED_PRECONDITION, "etcdserver: root user does not exist"),
  ROOT_ROLE_NOT_EXIST(
      Status.Code.FAILED_PRECONDITION, "etcdserver: root user does not have root role"),
  USER_ALREADY_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: user name already exists"),
  USER_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "etcdserver: user name not found"),
  ROLE_ALREADY_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: role name already exists"),
  ROLE_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "etcdserver: role name not found"),
  ROLE_NOT_GRANTED(Status.Code.FAILED_PRECONDITION, "etcdserver: role is not granted to the user"),
  PERMISSION_NOT_GRANTED(
      Status.Code.FAILED_PRECONDITION, "etcdserver: permission is not granted to the role"),
  AUTH_NOT_ENABLED(Status.Code.FAILED_PRECONDITION, "etcdserver: authentication is not enabled"),
  NOT_LEADER(Status.Code.FAILED_PRECONDITION, "etcdserver: not leader"),
  NOT_CAPABLE(Status.Code.FAILED_PRECONDITION, "etcdserver: not capable"),
  NOT_SUPPORTED_FOR_LEARNER(
      Status.Code.FAILED_PRECONDITION, "etcdserver: rpc not supported for learner"),
  BAD_LEADER_TRANSFEREE(Status.Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee"),
  CLUSTER_VERSION_UNAVAILABLE(
      Status.Code.FAILED_PRECONDITION, "etcdserver: cluster version not found during downgrade"),
  DOWNGRADE_IN_PROGRESS(
      Status.Code.FAILED_PRECONDITION, "etcdserver: cluster has a downgrade job in progress"),
  NO_INFLIGHT_DOWNGRADE(Status.Code.FAILED_PRECONDITION, "etcdserver: no inflight downgrade job"),

  EMPTY_KEY(Status.Code.INVALID_ARGUMENT, "etcdserver: key is not provided"),
  KEY_NOT_FOUND(Status.Code.INVALID_ARGUMENT, "etcdserver: key not found"),
  VALUE_PROVIDED(Status.Code.INVALID_ARGUMENT, "etcdserver: value is provided"),
  LEASE_PROVIDED(Status.Code.INVALID_ARGUMENT, "etcdserver: lease is provided"),
  TOO_MANY_OPS(Status.Code.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"),
  DUPLICATE_KEY(Status.Code.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"),
  INVALID_CLIENT_API_VERSION(
      Status.Code.INVALID_ARGUMENT, "etcdserver: invalid client api version"),
  INVALID_SORT_OPTION(Status.Code.INVALID_ARGUMENT, "etcdserver: invalid sort option"),
  MEMBER_BAD_URLS(Status.Code.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid"),
  REQUEST_TOO_LARGE(Status.Code.INVALID_ARGUMENT, "etcdserver: request is too large"),
  USER_EMPTY(Status.Code.INVALID_ARGUMENT, "etcdserver: user name is empty"),
  ROLE_EMPTY(Status.Code.INVALID_ARGUMENT, "etcdserver: role name is empty"),
  AUTH_FAILED(
      Status.Code.INVALID_ARGUMENT,
      "etcdserver: authentication failed, invalid user ID or password"),
  PERMISSION_NOT_GIVEN(Status.Code.INVALID_ARGUMENT, "etcdserver: permission not given"),
  INVALID_AUTH_MANAGEMENT(Status.Code.INVALID_ARGUMENT, "etcdserver: invalid auth management"),
  AUTH_OLD_REVISION(Status.Code.INVALID_ARGUMENT, "etcdserver: revision of auth store is old"),
  WRONG_DOWNGRADE_VERSION_FORMAT(
      Status.Code.INVALID_ARGUMENT, "etcdserver: wrong downgrade target version format"),
  INVALID_DOWNGRADE_TARGET_VERSION(
      Status.Code.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version"),

  LEASE_NOT_FOUND(Status.Code.NOT_FOUND, "etcdserver: requested lease not found"),
  MEMBER_NOT_FOUND(Status.Code.NOT_FOUND, "etcdserver: member not found"),

  COMPACTED(Status.Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
  FUTURE_REVISION(
      Status.Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"),
  LEASE_TTL_TOO_LARGE(Status.Code.OUT_OF_RANGE, "etcdserver: too large lease TTL"),

  PERMISSION_DENIED(Status.Code.PERMISSION_DENIED, "etcdserver: permission denied"),

  NO_SPACE(Status.Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),

  INVALID_AUTH_TOKEN(Status.Code.UNAUTHENTICATED, "etcdserver: invalid auth token"),

  NO_LEADER(Status.Code.UNAVAILABLE, "etcdserver: no leader"),
  LEADER_CHANGED(Status.Code.UNAVAILABLE, "etcdserver: leader changed"),
  STOPPED(Status.Code.UNAVAILABLE, "etcdserver: server stopped"),
  TIMEOUT(Status.Code.UNAVAILABLE, "etcdserver: request timed out"),
  TIMEOUT_DUE_TO_LEADER_FAIL(
      Status.Code.UNAVAILABLE,
      "etcdserver: request timed out, possibly due to previous leader failure"),
  TIMEOUT_DUE_TO_CONNECTION_LOST(
      Status.Code.UNAVAILABLE, "etcdserver: request timed out, possibly due to connection lost"),
  TIMEOUT_WAIT_APPLIED_INDEX(
      Status.Code.UNAVAILABLE,
      "etcdserver: request timed out, waiting for the applied index took too long"),
  UNHEALTHY_CLUSTER(Status.Code.UNAVAILABLE, "etcdserver: unhealthy cluster"),

  /** etcd maps this one to an error without a gRPC status, so the wire shows UNKNOWN. */
  NOT_ENOUGH_STARTED_MEMBERS(
      Status.Code.UNKNOWN, "etcdserver: re-configuration failed due to not enough started members"),
  /** etcd maps this one to an error without a gRPC status, so the wire shows UNKNOWN. */
  TOO_MANY_REQUESTS(Status.Code.UNKNOWN, "etcdserver: too many requests");

  private final EtcdException exception;

  EtcdError(Status.Code code, String text) {
    this.exception = new EtcdException(code, text);
  }

  public Status.Code code() {
    return exception.code();
  }

  /** The text with its {@code etcdserver: } prefix, as it goes over the wire. */
  public String text() {
    return exception.text();
  }

  /**
   * Which of etcd's errors a failure is; empty if none. Wrappers that futures put around a failure
   * do not count, and the exception need not be the shared one: code and text are what is compared,
   * as a client does.
   */
  public static Optional<EtcdError> of(Throwable failure) {
    return Arrays.stream(values()).filter(error -> error.is(failure)).findFirst();
  }

  /** Whether a failure, which may be null, is this error. */
  public boolean is(Throwable failure) {
    return EtcdException.causeOf(failure) instanceof EtcdException other
        && other.code() == code()
        && other.text().equals(text());
  }

  /** The error as the exception that carries it; one shared instance, as it has no stack trace. */
  public EtcdException exception() {
    return exception;
  }
}
