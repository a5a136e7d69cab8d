/**
 * etcd's error table as values: every gRPC status that etcd 3.7.1 gives a client, with its exact
 * code and text. Nothing here knows where an error comes from.
 */
package io.sampo.protocol.error;
