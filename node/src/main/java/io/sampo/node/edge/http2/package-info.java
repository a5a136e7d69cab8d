/**
 * HTTP/2 on a connection (RFC 9113), the server's side: frames, header blocks, windows, bounds,
 * keep-alive, the graceful end. One stage per connection; of a request only that is known which
 * says whether gRPC or the gateway answers it.
 */
package io.sampo.node.edge.http2;
