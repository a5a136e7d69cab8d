/** Tests of the snapshot files, with small files that real etcd and bbolt wrote beside our own. */
package io.sampo.persistence.snapshot;
