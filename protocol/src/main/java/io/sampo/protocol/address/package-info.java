/** Addresses of sockets in the form in which etcd shows them. */
package io.sampo.protocol.address;
