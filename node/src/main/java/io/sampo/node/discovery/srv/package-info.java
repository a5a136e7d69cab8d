/**
 * How the members of a new cluster find each other by SRV records of the DNS (etcd 3.7.1,
 * client/pkg/srv). Used by the starting thread, which waits.
 */
package io.sampo.node.discovery.srv;
