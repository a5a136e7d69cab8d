package io.sampo.node.edge.http;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.AbstractShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.Shape;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.util.ByteString;

/** A client's bytes, and both sides of the layer that makes requests of them. */
final class Http1Shape extends AbstractShape {
  final Inlet<ByteString> fromClient;
  final Outlet<ByteString> toClient;
  final Outlet<SslTlsInbound> toLayer;
  final Inlet<SslTlsOutbound> fromLayer;
  final Inlet<HttpRequest> requests;
  final Outlet<HttpResponse> responses;

  Http1Shape() {
    this(
        Inlet.create("Http1.fromClient"),
        Outlet.create("Http1.toClient"),
        Outlet.create("Http1.toLayer"),
        Inlet.create("Http1.fromLayer"),
        Inlet.create("Http1.requests"),
        Outlet.create("Http1.responses"));
  }

  private Http1Shape(
      Inlet<ByteString> fromClient,
      Outlet<ByteString> toClient,
      Outlet<SslTlsInbound> toLayer,
      Inlet<SslTlsOutbound> fromLayer,
      Inlet<HttpRequest> requests,
      Outlet<HttpResponse> responses) {
    this.fromClient = fromClient;
    this.toClient = toClient;
    this.toLayer = toLayer;
    this.fromLayer = fromLayer;
    this.requests = requests;
    this.responses = responses;
  }

  @Override
  public List<Inlet<?>> allInlets() {
    return List.of(fromClient, fromLayer, requests);
  }

  @Override
  public List<Outlet<?>> allOutlets() {
    return List.of(toClient, toLayer, responses);
  }

  @Override
  public Shape deepCopy() {
    return new Http1Shape(
        fromClient.carbonCopy(),
        toClient.carbonCopy(),
        toLayer.carbonCopy(),
        fromLayer.carbonCopy(),
        requests.carbonCopy(),
        responses.carbonCopy());
  }
}
