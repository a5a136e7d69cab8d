/**
 * Stock clients (etcdctl, jetcd, curl) and plain gRPC against one real server process each. What is
 * expected here was first seen on a real etcd: run with {@code -Dsampo.server=/path/to/etcd}.
 */
package io.sampo.tests.client;
