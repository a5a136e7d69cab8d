/**
 * Where committed entries become state: the applier actor around the state machine, the published
 * state that readers take, and the snapshots that bound the log. No request is checked here.
 */
package io.sampo.node.apply;
