/**
 * Histories: what a seed stands for, how it is run and repeated, and the commands and tests that
 * run many. The swarm's parameters and the campaign live here.
 */
package io.sampo.tests.sim.scenario;
