/**
 * The replicated log of this member as an event-sourced actor, its events, their encoding and the
 * choice of the journal that keeps them. No Raft decision is taken here: what to append, overwrite
 * or drop is told by the owner.
 */
package io.sampo.persistence.log;
