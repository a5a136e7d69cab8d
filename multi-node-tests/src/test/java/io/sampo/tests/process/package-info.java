/**
 * Real processes for the tests: a server (Sampo or etcd) with ports and a directory of its own, and
 * command line tools with a time limit. Nothing here knows what is tested, and nothing outlives its
 * owner: every process is ended and every directory removed.
 */
package io.sampo.tests.process;
