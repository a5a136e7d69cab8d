/**
 * The page of metrics under etcd's names, and the families that belong to no feature. Each feature
 * has a class of its own for what it counts; nothing here knows of any other package.
 */
package io.sampo.node.metrics;
