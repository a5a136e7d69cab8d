/**
 * Puts a node together: its actors, its services, its listeners, and the order in which they start
 * and stop. Every room is made here and knows only what it was handed.
 */
package io.sampo.node.server;
