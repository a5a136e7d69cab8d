/**
 * What a client's HTTP/1.1 and plain HTTP/2 requests meet: one function from request to response
 * per kind of port, put together from the packages below. It knows the node only through {@link
 * io.sampo.gateway.endpoint.NodeProbes} and the services' interfaces, never through an actor.
 */
package io.sampo.gateway;
