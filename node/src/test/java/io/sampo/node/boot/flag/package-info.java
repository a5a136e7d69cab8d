/** Tests of the ways in which flags get their values. Expected texts were read off etcd 3.7.1. */
package io.sampo.node.boot.flag;
