/**
 * Log lines in the form of etcd's (zap's): one JSON object or one console line per event, with
 * level, time, caller, message and fields; and the rotation of its files. It knows logback and
 * nothing of what the node logs.
 */
package io.sampo.node.logging;
