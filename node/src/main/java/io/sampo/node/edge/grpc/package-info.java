/**
 * gRPC on a connection: frames, methods, status texts, deadlines, counts. Services are functions
 * over messages here; what they do is not known.
 */
package io.sampo.node.edge.grpc;
