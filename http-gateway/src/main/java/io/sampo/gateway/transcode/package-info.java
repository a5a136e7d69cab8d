/**
 * The JSON gateway: every gRPC service, found by its descriptors and their google.api.http
 * bindings, as HTTP. It behaves like grpc-gateway v2.29 as etcd 3.7.1 sets it up, and calls the
 * services in the process, without a connection.
 */
package io.sampo.gateway.transcode;
