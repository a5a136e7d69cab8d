/**
 * etcd's peer protocol: the {@code PeerTransport} of a member in a cluster, its connections to the
 * other members, and what it answers them. It carries messages and asks its neighbours' interfaces;
 * what a message means is Raft's business, who is a member the state machine's.
 */
package io.sampo.node.peer;
