/**
 * Every error of etcd's table that a client can provoke, through gRPC and through JSON. What is
 * provoked, and by what, stands in {@code src/test/resources/error}.
 */
package io.sampo.tests.error;
