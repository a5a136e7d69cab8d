/**
 * What stands behind the ports and the sockets of the file system: listeners, what a connection's
 * first request decides, how an answer of an actor becomes a future. Nothing here knows what a
 * request means.
 */
package io.sampo.node.edge;
