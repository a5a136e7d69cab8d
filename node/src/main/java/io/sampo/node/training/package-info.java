/**
 * The rehearsal that the launcher runs once to train the class archive: a node under load, started
 * and stopped in a temporary directory. No node calls it.
 */
package io.sampo.node.training;
