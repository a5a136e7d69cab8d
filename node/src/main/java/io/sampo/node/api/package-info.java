/**
 * etcd's gRPC services over this node's rooms: checks a request, sends it the right way (proposal,
 * read barrier, session) and fills the header. The gateway calls the same objects.
 */
package io.sampo.node.api;
