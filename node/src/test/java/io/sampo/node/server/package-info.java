/** Tests of the wiring. Whole nodes as processes are tested in multi-node-tests. */
package io.sampo.node.server;
