/**
 * HTTP/2 on a connection (RFC 9113), the server's side: frames, header blocks, windows, bounds,
 * keep-alive, the graceful end. One stage per connection; what a request means is not known here.
 */
package io.sampo.node.edge.http2;
