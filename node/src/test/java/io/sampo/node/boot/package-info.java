/**
 * Tests of the way from a command line to a configuration. Expected texts were read off etcd 3.7.1.
 */
package io.sampo.node.boot;
