/**
 * The leases as the log knows them: ids, granted and checkpointed times to live, attached keys.
 * When a lease runs out is not known here; that is the leader's business.
 */
package io.sampo.node.state.lease;
