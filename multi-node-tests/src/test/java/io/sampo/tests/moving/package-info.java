/**
 * Moving between etcd and Sampo on disk: directories that etcd left, restored snapshots, and a
 * member that goes on alone. Each is compared with what a real etcd makes of the same files.
 */
package io.sampo.tests.moving;
