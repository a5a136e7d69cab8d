/**
 * Loopback connections between members, led through a proxy that can cut, hold, delay and slow what
 * goes from one member to another. Knows bytes and processes, nothing of what they say.
 */
package io.sampo.tests.faults.network;
