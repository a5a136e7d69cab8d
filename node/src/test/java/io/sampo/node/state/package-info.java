/** Tests of the replicated state machine, one class for each of etcd's groups of rules. */
package io.sampo.node.state;
