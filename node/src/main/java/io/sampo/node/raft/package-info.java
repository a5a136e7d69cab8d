/**
 * Raft's roles as actors: one {@code RaftActor} per member that is Follower, Candidate, Leader or
 * Learner, with its own log actor below it. Decisions that need no actor belong into {@code core};
 * what entries mean belongs to the state machine.
 */
package io.sampo.node.raft;
