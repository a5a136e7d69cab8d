/**
 * Sampo and real etcd members in one cluster, talking etcd's peer protocol, and taking each other's
 * tokens. Skipped, by name, where no etcd of the same version is given.
 */
package io.sampo.tests.mixed;
