/**
 * Changes of the members on the way to the log: whether they are wise, how they are proposed, and
 * how a promotion reaches the leader. What a change does once it is committed belongs to {@code
 * state.membership}.
 */
package io.sampo.node.member;
