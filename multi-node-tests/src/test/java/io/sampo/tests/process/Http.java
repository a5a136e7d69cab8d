package io.sampo.tests.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** HTTP/1.1 requests of the tests. */
public final class Http {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private Http() {}

  /** A status and a body. */
  public record Answer(int status, String body, String contentType) {}

  /** GET; empty while nobody answers. */
  public static Optional<Answer> tryGet(String url) {
    try {
      return Optional.of(send(HttpRequest.newBuilder(URI.create(url)).GET()));
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  /** A request with a body. */
  public static Answer send(String method, String url, String body) {
    try {
      return send(
          HttpRequest.newBuilder(URI.create(url))
              .method(method, HttpRequest.BodyPublishers.ofString(body)));
    } catch (IOException e) {
      throw new AssertionError(method + " " + url + ": " + e, e);
    }
  }

  /** POST of a body with a token. */
  public static Answer postAs(String token, String url, String body) {
    return postWith("Authorization", token, url, body);
  }

  /** POST of a body with a header. */
  public static Answer postWith(String header, String value, String url, String body) {
    try {
      return send(
          HttpRequest.newBuilder(URI.create(url))
              .header(header, value)
              .POST(HttpRequest.BodyPublishers.ofString(body)));
    } catch (IOException e) {
      throw new AssertionError("POST " + url + ": " + e, e);
    }
  }

  private static Answer send(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> response =
          CLIENT.send(
              request.timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.body(),
          response.headers().firstValue("content-type").orElse(""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
