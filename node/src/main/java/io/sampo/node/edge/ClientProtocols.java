package io.sampo.node.edge;

import java.util.Optional;

/**
 * What is spoken on a client port.
 *
 * @param http1 empty if HTTP/1 is not
 * @param http2 empty if HTTP/2 is not
 */
public record ClientProtocols(
    Optional<ConnectionProtocol> http1, Optional<ConnectionProtocol> http2) {}
