/**
 * Where actors run: a few threads that also wait for the network, so that a message that comes over
 * it is handled by the thread that was woken for it; and where an answer goes, whoever asked. Knows
 * Pekko's insides, and nothing of a node.
 */
package io.sampo.node.dispatch;
