/**
 * The switchboard of faults: moments in a node at which a test can have it stop, wait or die, by
 * gofail's HTTP interface and variables. Off unless the variables are set; then no moment costs
 * anything. Any package may know it.
 */
package io.sampo.node.failpoint;
