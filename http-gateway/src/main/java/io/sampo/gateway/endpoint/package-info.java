/**
 * The HTTP endpoints of etcd that are not RPCs (health, version, metrics, variables) and what
 * stands before all of them: path cleaning, CORS and the host whitelist. Nothing here knows about
 * JSON transcoding.
 */
package io.sampo.gateway.endpoint;
