/**
 * The data directory: its layout, its lock, the version of its format and whose it is. What the
 * files below it contain is the business of the log and the snapshots.
 */
package io.sampo.persistence.datadir;
