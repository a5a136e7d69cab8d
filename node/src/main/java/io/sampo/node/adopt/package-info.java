/**
 * What happens to a member's data before the node starts: taking over what etcd left, and making a
 * cluster of one out of a member whose majority is lost. Runs on the starting thread and may wait
 * for the disk; nothing in here outlives it.
 */
package io.sampo.node.adopt;
