/**
 * Known bugs, to prove that the checks find them: a mutant swaps a rule of Raft, or stands before
 * one actor. What runs histories with them is in {@code scenario}.
 */
package io.sampo.tests.sim.mutant;
