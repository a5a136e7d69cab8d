/** How long the caller of a service waits, as gRPC's clients and the JSON gateway's say it. */
package io.sampo.protocol.timeout;
