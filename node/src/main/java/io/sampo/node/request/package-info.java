/**
 * A request's way through consensus: its id, its proposal, the wait for its result, and the barrier
 * that a linearizable read waits for. But for the lines about slow ones, nothing here knows what a
 * request means.
 */
package io.sampo.node.request;
