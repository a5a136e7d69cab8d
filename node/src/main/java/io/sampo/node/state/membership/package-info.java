/**
 * The members of the cluster, their addresses and roles, and the cluster's version, as the log
 * knows them. Whether a change is wise (started members, quorum) is checked before it is proposed.
 */
package io.sampo.node.state.membership;
