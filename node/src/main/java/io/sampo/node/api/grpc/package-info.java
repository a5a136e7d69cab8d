/**
 * The gRPC edge: one small frame codec over Pekko HTTP's public request and response model, with
 * one set of rules for deadlines, sizes, compression and errors. No service lives here; methods are
 * handed in by path.
 */
package io.sampo.node.api.grpc;
