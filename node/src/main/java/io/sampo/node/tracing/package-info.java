/**
 * Spans of calls for an OpenTelemetry collector, with the names and attributes of etcd 3.7.1.
 * Nothing of it is loaded where nothing is traced: whoever is followed knows only the interfaces
 * {@code CallTracer} and {@code ProposalTracer}, and has none.
 */
package io.sampo.node.tracing;
