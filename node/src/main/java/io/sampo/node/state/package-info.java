/**
 * The replicated state machine: applies committed log entries in order, deterministically, and
 * hands out immutable views of what came of it. No actor, no clock and no randomness may live here.
 */
package io.sampo.node.state;
