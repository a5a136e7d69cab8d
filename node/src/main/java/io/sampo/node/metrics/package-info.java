/**
 * The metrics under etcd's names, labels and buckets, so that its dashboards and alerts work. Rooms
 * report through {@link io.sampo.node.metrics.NodeMetrics}; nothing here decides anything.
 */
package io.sampo.node.metrics;
