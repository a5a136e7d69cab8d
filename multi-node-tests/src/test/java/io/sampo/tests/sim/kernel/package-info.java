/**
 * One thread, one virtual clock, one seed: whole actor systems as processes that can be crashed and
 * paused. Nothing here knows what runs in them.
 */
package io.sampo.tests.sim.kernel;
