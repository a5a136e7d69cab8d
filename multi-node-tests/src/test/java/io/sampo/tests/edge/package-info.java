/**
 * The same bytes to any server, over raw sockets, and what came back as text. It knows nothing of
 * etcd's clients and of no HTTP library's opinion of what may be sent.
 */
package io.sampo.tests.edge;
