/**
 * HTTP/1.1 over TLS on connections of our own making, where Pekko HTTP's server would not let a
 * certificate be held against the address it comes from, nor a failed handshake be logged.
 */
package io.sampo.node.tls.http;
