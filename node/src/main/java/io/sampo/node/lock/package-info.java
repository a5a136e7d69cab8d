/**
 * The Lock and Election services (etcd 3.7.1, v3lock and v3election), clients of KV, Lease and
 * Watch. They keep no state of their own beside those who wait.
 */
package io.sampo.node.lock;
