/**
 * Protobuf messages as JSON text and back, in the exact form that Go's encoding/json and protojson
 * give, error texts included. Nothing here knows about HTTP, streams or etcd.
 */
package io.sampo.gateway.json;
