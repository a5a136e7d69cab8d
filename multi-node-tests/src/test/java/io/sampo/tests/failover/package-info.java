/**
 * How long a cluster takes no writes when its leader is killed or stopped, Sampo and etcd in turns
 * on the same machine. It prints what it saw and never judges it.
 */
package io.sampo.tests.failover;
