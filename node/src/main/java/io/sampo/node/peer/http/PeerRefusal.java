package io.sampo.node.peer.http;

/** A question that is answered with an error: etcd's status and text. */
public final class PeerRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int TIMEOUT = 408;
  private static final int PRECONDITION = 412;
  private static final int INTERNAL = 500;

  private final int status;

  /** Any other status and text. */
  public PeerRefusal(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** There is no such lease, as the leader knows. */
  public static PeerRefusal leaseNotFound() {
    return new PeerRefusal(NOT_FOUND, "lease not found");
  }

  /** This member does not lead. */
  public static PeerRefusal notPrimary() {
    return new PeerRefusal(BAD_REQUEST, "not a primary lessor");
  }

  /** Leadership was lost while a lease was looked up. */
  public static PeerRefusal demoted() {
    return new PeerRefusal(INTERNAL, "not a primary lessor");
  }

  /** What is committed was not applied within a second. */
  public static PeerRefusal notAppliedInTime() {
    return new PeerRefusal(TIMEOUT, "waiting for node to catch up its applied index has timed out");
  }

  /** A member to be promoted is not known. */
  public static PeerRefusal memberNotFound() {
    return new PeerRefusal(NOT_FOUND, "membership: ID not found");
  }

  /** A member to be promoted votes already. */
  public static PeerRefusal notLearner() {
    return new PeerRefusal(PRECONDITION, "membership: can only promote a learner member");
  }

  /** A member to be promoted is behind. */
  public static PeerRefusal learnerNotReady() {
    return new PeerRefusal(
        PRECONDITION, "etcdserver: can only promote a learner member which is in sync with leader");
  }

  /** Any other failure of a promotion; etcd hides its reason. */
  public static PeerRefusal promotionFailed() {
    return new PeerRefusal(INTERNAL, "Internal Server Error");
  }

  /** The store cannot hash at this revision. */
  public static PeerRefusal noHash(String reason) {
    return new PeerRefusal(BAD_REQUEST, reason);
  }

  /** The question needs a quorum, and there is none. */
  public static PeerRefusal noLinearizableRead(String reason) {
    return new PeerRefusal(INTERNAL, "failed linearized read: " + reason);
  }
}
