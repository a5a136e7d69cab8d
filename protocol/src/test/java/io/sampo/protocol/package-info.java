/**
 * What the protocol promises as a whole: every service and method of etcd under its own name. Tests
 * of one part lie in that part's package.
 */
package io.sampo.protocol;
