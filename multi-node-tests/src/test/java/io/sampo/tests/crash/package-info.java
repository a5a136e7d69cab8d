/**
 * A server that is killed at random moments must come back with every acknowledged write. Each
 * writer owns its keys, so that one operation at most is unknown per writer after a crash.
 */
package io.sampo.tests.crash;
