package io.sampo.node.edge.http2;

import io.sampo.node.edge.http2.frame.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpProtocol;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.scaladsl.model.HttpProtocols;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Heads in Pekko HTTP's model. */
final class BridgedRequest {
  private static final HttpProtocol HTTP_2 =
      (HttpProtocol) HttpProtocols.getForKey("HTTP/2.0").get();

  private BridgedRequest() {}

  /**
   * The request without its body.
   *
   * @throws IllegalUriException if its path is none
   */
  static HttpRequest of(RequestHead head) {
    List<HttpHeader> headers = new ArrayList<>(head.size() + 1);
    if (!head.authority().isEmpty()) {
      headers.add(RawHeader.create("Host", head.authority()));
    }
    for (int i = 0; i < head.size(); i++) {
      String name = head.name(i);
      boolean isOfEntity = name.equals("content-type") || name.equals("content-length");
      if (!isOfEntity && !(name.equals("host") && !head.authority().isEmpty())) {
        headers.add(header(name, head.value(i)));
      }
    }
    return HttpRequest.create()
        .withMethod(
            HttpMethods.lookup(head.method())
                .orElseGet(
                    () ->
                        HttpMethods.custom(
                            head.method(), false, false, RequestEntityAcceptances.Tolerated)))
        .withProtocol(HTTP_2)
        .withUri(Uri.create(head.path(), Uri.RELAXED))
        .addHeaders(headers);
  }

  private static HttpHeader header(String name, String value) {
    // Typed headers are what directives look for; what cannot be parsed stays as it is.
    try {
      return HttpHeader.parse(name, value);
    } catch (IllegalArgumentException e) {
      return RawHeader.create(name, value);
    }
  }

  /** A body that is there. */
  static RequestEntity whole(RequestHead head, ByteString body) {
    return body.isEmpty() && head.get("content-type") == null
        ? HttpEntities.EMPTY
        : HttpEntities.create(contentType(head), body);
  }

  /** A body that comes. */
  static RequestEntity streamed(RequestHead head, Source<ByteString, ?> body) {
    long length = StrictRules.contentLength(head);
    return length > 0
        ? HttpEntities.create(contentType(head), length, body)
        : HttpEntities.createChunked(contentType(head), body);
  }

  private static ContentType contentType(RequestHead head) {
    String value = head.get("content-type");
    try {
      return value == null ? ContentTypes.APPLICATION_OCTET_STREAM : ContentTypes.parse(value);
    } catch (RuntimeException e) {
      // Pekko HTTP's parser does not say which one it throws.
      return ContentTypes.APPLICATION_OCTET_STREAM;
    }
  }
}
