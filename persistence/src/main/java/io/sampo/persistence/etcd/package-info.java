/**
 * What etcd leaves in its data directory, read and never written: the write-ahead log, the .snap
 * files and the choice of the database. Says what is there and refuses what etcd would refuse; what
 * becomes of it is decided elsewhere.
 */
package io.sampo.persistence.etcd;
