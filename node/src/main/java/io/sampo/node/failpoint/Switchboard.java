package io.sampo.node.failpoint;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * Sets and clears the terms of failpoints, as gofail 0.2.0 does: from {@code GOFAIL_FAILPOINTS} at
 * the start and over HTTP at the address {@code GOFAIL_HTTP}, with its status codes and texts.
 */
public final class Switchboard {
  private static final String NO_SUCH = "failpoint: failpoint does not exist";
  private static final String DISABLED = "failpoint: failpoint is disabled";
  private static final String COUNT = "/count";

  private final DoubleSupplier chance;
  private final Terms.Crash crash;

  /** Held while a request is answered: a crash waits for that. */
  private final Object answering = new Object();

  /**
   * @param body without the line's end that an error has
   */
  record Answer(int status, String body) {
    static Answer error(int status, String text) {
      return new Answer(status, text + "\n");
    }
  }

  Switchboard(DoubleSupplier chance, Terms.Crash crash) {
    this.chance = chance;
    this.crash =
        message -> {
          synchronized (answering) {
            crash.now(message);
          }
        };
  }

  /**
   * Begins if the variables ask for it.
   *
   * @param chance between 0 and 1; for any thread
   * @throws IllegalArgumentException if the terms in the variable are not that
   * @throws IOException if the address is not to be had
   */
  public static void begin(Map<String, String> environment, DoubleSupplier chance)
      throws IOException {
    String terms = environment.getOrDefault("GOFAIL_FAILPOINTS", "");
    String address = environment.getOrDefault("GOFAIL_HTTP", "");
    if (terms.isEmpty() && address.isEmpty()) {
      return;
    }
    Switchboard switchboard = new Switchboard(chance, Switchboard::crash);
    switchboard.setKnown(parse(terms));
    if (!address.isEmpty()) {
      switchboard.serve(address);
    }
  }

  /** As a panic in Go ends a process. */
  private static void crash(String message) {
    System.err.println("panic: " + message);
    new Throwable().printStackTrace(System.err);
    System.err.flush();
    Runtime.getRuntime().halt(2);
  }

  private void serve(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(colon, 0)).replaceAll("[\\[\\]]", "");
    int port;
    try {
      port = Integer.parseInt(address.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IOException("listen tcp: address " + address + ": no port in address", e);
    }
    HttpServer server =
        HttpServer.create(
            host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    synchronized (answering) {
      try (exchange) {
        Answer answer =
            answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (answer.status() == 405) {
          exchange.getResponseHeaders().set("Allow", "PUT");
        }
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  Answer answer(String method, String path, String body) {
    String name = path.substring(1);
    return switch (method) {
      case "PUT" -> put(name, body);
      case "GET" -> name.isEmpty() ? list() : get(name);
      case "DELETE" -> delete(name);
      default -> Answer.error(405, "Method not allowed");
    };
  }

  private Answer put(String name, String body) {
    Map<String, String> terms;
    try {
      terms = name.equalsIgnoreCase("failpoints") ? parse(body) : Map.of(name, body);
    } catch (IllegalArgumentException e) {
      return Answer.error(400, "fail to parse failpoint: " + e.getMessage());
    }
    for (Map.Entry<String, String> each : terms.entrySet()) {
      Optional<Failpoint> failpoint = Failpoint.named(each.getKey());
      if (failpoint.isEmpty()) {
        return Answer.error(400, "fail to set failpoint: " + NO_SUCH);
      }
      try {
        set(failpoint.get(), each.getValue());
      } catch (IllegalArgumentException e) {
        return Answer.error(400, "fail to set failpoint: " + e.getMessage());
      }
    }
    return new Answer(204, "");
  }

  private void set(Failpoint failpoint, String terms) {
    failpoint.set(Terms.parse(failpoint, terms, chance, crash));
  }

  /** What has another name, or other terms, is not there (gofail). */
  void setKnown(Map<String, String> terms) {
    terms.forEach(
        (name, text) ->
            Failpoint.named(name)
                .ifPresent(
                    failpoint -> {
                      try {
                        set(failpoint, text);
                      } catch (IllegalArgumentException e) {
                        System.out.printf(
                            "failed to enable \"%s=%s\" (%s)%n", name, text, e.getMessage());
                      }
                    }));
  }

  private static Answer list() {
    return new Answer(
        200,
        Arrays.stream(Failpoint.values())
            .map(
                failpoint ->
                    failpoint.text()
                        + "="
                        + (failpoint.terms() == null ? "" : failpoint.terms().text()))
            .sorted()
            .collect(Collectors.joining("\n", "", "\n")));
  }

  private static Answer get(String name) {
    boolean counts = name.endsWith(COUNT);
    String plain = counts ? name.substring(0, name.length() - COUNT.length()) : name;
    Optional<Failpoint> failpoint = Failpoint.named(plain);
    Terms terms = failpoint.map(Failpoint::terms).orElse(null);
    if (terms != null) {
      return new Answer(200, counts ? Integer.toString(terms.evaluations()) : terms.text() + "\n");
    }
    String text = "failed to GET: " + (failpoint.isEmpty() ? NO_SUCH : DISABLED);
    // Behind the error gofail writes the terms, which are none.
    return counts
        ? Answer.error(failpoint.isEmpty() ? 404 : 500, text)
        : Answer.error(404, text + "\n");
  }

  private static Answer delete(String name) {
    Optional<Failpoint> failpoint = Failpoint.named(name);
    if (failpoint.isEmpty() || failpoint.get().terms() == null) {
      return Answer.error(
          400, "failed to delete failpoint " + (failpoint.isEmpty() ? NO_SUCH : DISABLED));
    }
    failpoint.get().set(null);
    return new Answer(204, "");
  }

  /** {@code a=terms;b=terms}. */
  static Map<String, String> parse(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String each : text.split(";")) {
      if (each.isEmpty()) {
        continue;
      }
      String[] words = each.split("=", -1);
      if (words.length != 2) {
        throw new IllegalArgumentException("bad failpoint \"" + each + "\"");
      }
      all.put(words[0], words[1]);
    }
    return all;
  }
}
