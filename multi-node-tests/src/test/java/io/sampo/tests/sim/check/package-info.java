/**
 * What must hold, one file each, and the naive store that says what a committed log means. Checks
 * watch and report; none of them touches a cluster, and none shares code with what it judges.
 */
package io.sampo.tests.sim.check;
