/**
 * Flags as values: the table of etcd's names, the syntax of Go's flag package, the environment and
 * the configuration file, all ending in one {@link io.sampo.node.boot.flag.FlagValues}. Nothing
 * here knows what a flag is good for, reads the process environment by itself or exits.
 */
package io.sampo.node.boot.flag;
