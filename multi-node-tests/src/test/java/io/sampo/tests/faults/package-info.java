/**
 * Clusters of real processes under load while members are killed, stopped and cut off, judged
 * afterwards by the simulator's checks. Here are faults, load and the record of what clients saw;
 * what must hold is said in {@code sim.check}.
 */
package io.sampo.tests.faults;
