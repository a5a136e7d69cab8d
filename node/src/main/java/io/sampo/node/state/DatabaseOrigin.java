package io.sampo.node.state;

import io.sampo.node.state.membership.ClusterState;
import java.util.function.UnaryOperator;

/**
 * What has to be known about a database beside its content.
 *
 * @param index the last entry that it includes
 * @param term the term of that entry, which etcd 3.4 does not write into it
 * @param cluster the members, given those that the database has
 */
public record DatabaseOrigin(long index, long term, UnaryOperator<ClusterState> cluster) {}
