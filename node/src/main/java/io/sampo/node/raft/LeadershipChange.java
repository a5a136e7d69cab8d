package io.sampo.node.raft;

/**
 * Told when this member starts or stops to lead. {@code leader} is true only once the first entry
 * of the term is applied here, so that the state machine has seen everything that earlier leaders
 * committed.
 */
public record LeadershipChange(boolean leader, long term) {}
