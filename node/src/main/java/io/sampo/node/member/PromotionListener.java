package io.sampo.node.member;

/** Counts promotions that this member decided as the leader. Called on any thread. */
public interface PromotionListener {
  /** A learner became a voter. */
  void promoted();

  /**
   * @param reason as etcd's label names it
   */
  void refused(String reason);
}
