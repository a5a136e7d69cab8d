/**
 * The bytes of etcd's peer streams: frames of both kinds, written and read without any I/O. What is
 * said and to whom belongs to the packages above.
 */
package io.sampo.node.peer.wire;
