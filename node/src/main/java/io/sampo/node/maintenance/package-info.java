/**
 * The Maintenance and Health services: status, alarms, hashes, snapshots for a client, moved
 * leadership, downgrades, profiles of the process. What is asked of other members goes through
 * {@code peer}.
 */
package io.sampo.node.maintenance;
