/**
 * The two ends of a peer stream as stages: one writes what is queued, one reads and hands over. Who
 * dials, and what to do when a stream ends, is decided above.
 */
package io.sampo.node.peer.stream;
