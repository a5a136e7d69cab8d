/**
 * Watches: the hub that knows who waits for which keys, and the session of each client stream with
 * its watchers, from the history to the bytes of a response. Nothing here writes to the store or
 * decides what a revision is.
 */
package io.sampo.node.watch;
