/**
 * HTTP/2's frames and header blocks as bytes (RFC 9113, sections 4 and 6; RFC 7541). What a frame
 * means for a connection is decided in {@code edge.http2}.
 */
package io.sampo.node.edge.http2.frame;
