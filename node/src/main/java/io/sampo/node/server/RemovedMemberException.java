package io.sampo.node.server;

/** Why a member ends that the others have removed; the text is etcd's. */
public final class RemovedMemberException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RemovedMemberException() {
    super("the member has been permanently removed from the cluster", null, false, false);
  }
}
