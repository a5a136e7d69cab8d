package io.sampo.node.member;

/** Why a member ends that the others have removed; the text is etcd's. */
public final class RemovedMemberException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RemovedMemberException() {
    super("the member has been permanently removed from the cluster", null, false, false);
  }
}
