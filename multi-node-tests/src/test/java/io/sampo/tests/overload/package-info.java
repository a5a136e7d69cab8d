/**
 * Many more clients than a cluster can serve, Sampo and etcd in turns on the same machine. It
 * prints what it saw and never judges it.
 */
package io.sampo.tests.overload;
