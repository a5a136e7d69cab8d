/**
 * Raft's arithmetic: votes, appends, commits, quorums, progress and the log's tail, as plain Java.
 * Nothing in here knows Pekko, a clock, a random source or a disk; the roles in the package above
 * decide with it.
 */
package io.sampo.node.raft.core;
