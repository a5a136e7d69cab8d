/**
 * How the members of a new cluster find each other with the help of another cluster (etcd 3.7.1,
 * api/v3discovery). Used by the starting thread, which waits; nothing here knows of a node.
 */
package io.sampo.node.discovery;
