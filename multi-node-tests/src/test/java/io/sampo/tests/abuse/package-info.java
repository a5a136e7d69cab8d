/**
 * Clients that behave badly, each beside one that behaves well, against any server with etcd's
 * flags. What they send is bounded in connections, bytes and time, and goes to this machine only.
 */
package io.sampo.tests.abuse;
