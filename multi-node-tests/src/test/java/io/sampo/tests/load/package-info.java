/**
 * A load generator: closed-loop clients that speak gRPC over plain HTTP/2 frames on one thread, so
 * that on a machine shared with the server little of the time is the generator's. It checks every
 * answer's status and length, and nothing more of it.
 */
package io.sampo.tests.load;
