/**
 * What a cluster stands on and what can go wrong there: network, disks, the plan of a history's
 * faults. Decides by its own seeded randomness; knows nothing of what is stored or sent.
 */
package io.sampo.tests.sim.fault;
