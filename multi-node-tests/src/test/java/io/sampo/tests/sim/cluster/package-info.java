/**
 * Members made of production actors on a simulated network and simulated disks. Starts, crashes and
 * connects them and lets others watch; judges nothing.
 */
package io.sampo.tests.sim.cluster;
