/** What bounds a connection, on real sockets of loopback. Certificates are tested above. */
package io.sampo.node.tls.http;
