package io.sampo.gateway.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * {@code /metrics}: Prometheus text for any method and any Accept header, gzip on request. etcd
 * does not offer OpenMetrics.
 */
public final class Metrics implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final ContentType TYPE = GoContentType.of("text", "plain", parameters());

  private final Supplier<ByteString> text;

  public Metrics(Supplier<ByteString> text) {
    this.text = text;
  }

  private static Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("version", "0.0.4");
    parameters.put("charset", "utf-8");
    parameters.put("escaping", "underscores");
    return parameters;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest request) {
    ByteString body = text.get();
    boolean gzip =
        request
            .getHeader("accept-encoding")
            .filter(header -> header.value().contains("gzip"))
            .isPresent();
    if (!gzip) {
      return Reply.done(HttpResponse.create().withEntity(HttpEntities.create(TYPE, body)));
    }
    return Reply.done(
        HttpResponse.create()
            .addHeader(RawHeader.create("Content-Encoding", "gzip"))
            .withEntity(HttpEntities.create(TYPE, compressed(body))));
  }

  private static ByteString compressed(ByteString body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.size() / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.toArrayUnsafe());
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory does not fail", e);
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }
}
