package io.sampo.node.edge;

import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.apache.pekko.http.javadsl.model.SslSessionInfo;

/** What a request knows of its connection, where routes look for it. */
public final class ConnectionAttributes {
  private ConnectionAttributes() {}

  /** The request with its client's address, if it has one, and with TLS the session. */
  public static HttpRequest attach(HttpRequest request, Connection connection) {
    HttpRequest known =
        connection
            .remoteInet()
            .map(
                remote ->
                    request.addAttribute(AttributeKeys.remoteAddress, RemoteAddress.create(remote)))
            .orElse(request);
    return connection
        .session()
        .map(
            session -> known.addAttribute(AttributeKeys.sslSession, SslSessionInfo.create(session)))
        .orElse(known);
  }
}
