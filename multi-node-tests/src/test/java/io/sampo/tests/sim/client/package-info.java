/**
 * Clients of a simulated cluster: they call the services of members as the gRPC edge does, over a
 * network with delays, and note down every call. Nothing here judges an answer.
 */
package io.sampo.tests.sim.client;
