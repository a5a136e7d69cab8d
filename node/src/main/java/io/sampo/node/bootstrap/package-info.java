/**
 * How a member without data begins (etcd 3.7.1, bootstrap.go): who it is by its flags, and what the
 * others say. A member with data takes all that from its directory.
 */
package io.sampo.node.bootstrap;
