/**
 * Which release of etcd Sampo stands in for. What these versions lead to is decided by those who
 * compare them.
 */
package io.sampo.protocol.version;
