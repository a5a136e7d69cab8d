/**
 * HTTP/1.1 on a connection, and what the gateway asks of this node. JSON itself is made in
 * http-gateway.
 */
package io.sampo.node.edge.http;
