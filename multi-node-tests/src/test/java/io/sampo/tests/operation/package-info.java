/**
 * What operators do with real processes: sockets, log files, downgrades, profiles, systemd. What
 * clients ask for is tested in {@code client}.
 */
package io.sampo.tests.operation;
