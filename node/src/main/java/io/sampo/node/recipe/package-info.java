/**
 * etcd's Lock and Election services: recipes that are clients of KV, Lease and Watch, with an actor
 * for whoever waits for a turn. Nothing in here reaches the store or consensus in another way.
 */
package io.sampo.node.recipe;
