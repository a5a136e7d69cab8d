/**
 * TLS as etcd's flags ask for it: keys and certificates from PEM files that are read afresh for
 * every connection, who is trusted, and what a certificate must say. Nothing here knows a protocol
 * above TLS, a flag's name or a configuration.
 */
package io.sampo.node.tls;
