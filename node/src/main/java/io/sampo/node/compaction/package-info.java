/**
 * Auto-compaction ({@code --auto-compaction-mode}, {@code --auto-compaction-retention}): decides on
 * the leader which revision to compact to and proposes it like any client would.
 */
package io.sampo.node.compaction;
