/**
 * Whether all members hold the same keys: the leader compares hashes, the rule is pure, and how the
 * others are asked is somebody else's. Facts: etcd 3.7.1, etcdserver/corrupt.go.
 */
package io.sampo.node.corruption;
