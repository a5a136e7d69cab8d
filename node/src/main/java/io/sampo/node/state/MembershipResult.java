package io.sampo.node.state;

import io.sampo.node.state.membership.ClusterState;
import io.sampo.protocol.error.EtcdException;

/**
 * What applying a membership change gave.
 *
 * @param requestId the id of the change, for the request that waits
 * @param applied false for a change that was applied before and is skipped
 * @param cluster the members and voters after it; with an error the same as before, which Raft has
 *     to be told all the same, as it waits for the outcome
 * @param error why the change did not hold, or null
 */
public record MembershipResult(
    long requestId, boolean applied, ClusterState cluster, EtcdException error) {}
