/**
 * What a member answers on its peer URLs: streams, messages and snapshots of Raft, and the
 * questions members ask each other. Checks who asks; the answers come from the network and the
 * services.
 */
package io.sampo.node.peer.http;
