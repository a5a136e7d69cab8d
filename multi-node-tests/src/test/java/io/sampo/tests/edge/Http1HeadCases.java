package io.sampo.tests.edge;

import static io.sampo.tests.edge.Http1Script.request;

import java.util.ArrayList;
import java.util.List;

/** HTTP/1: request lines, authorities, paths, headers, versions. */
final class Http1HeadCases {

  private static final String HOST = "GET /health HTTP/1.1\nHost: h";

  private Http1HeadCases() {}

  static List<EdgeCase> all() {
    List<EdgeCase> cases = new ArrayList<>();
    Inputs.of("http1-hosts")
        .forEach(
            host ->
                cases.add(
                    request("GET /health HTTP/1.1\nHost: " + host).as("host '" + host + "'")));
    Inputs.of("http1-targets")
        .forEach(
            target ->
                cases.add(
                    request("GET " + target + " HTTP/1.1\nHost: h").as("target '" + target + "'")));
    for (String method : Inputs.of("http1-methods")) {
      for (String path : List.of("/health", "/v3/kv/range", "/version", "/metrics", "/nope", "*")) {
        cases.add(
            request(
                    method
                        + " "
                        + path
                        + " HTTP/1.1\nHost: h\nContent-Length: 0\nConnection: close")
                .as("method '" + method + "' " + path));
      }
    }
    for (String path :
        List.of("/health", "/v3/kv/range", "/version", "/metrics", "/nope", "/livez")) {
      cases.add(request("HEAD " + path + " HTTP/1.1\nHost: h").asHead("HEAD " + path));
      cases.add(request("HEAD " + path + " HTTP/1.0").asHead("HEAD by 1.0 " + path));
    }
    for (String path : List.of("*", "//health", "/debug/vars", "http://h", "/v3")) {
      cases.add(request("HEAD " + path + " HTTP/1.1\nHost: h").asHead("HEAD " + path));
    }
    for (String line :
        List.of(
            "CONNECT h:443",
            "CONNECT //health",
            "CONNECT /a/../health",
            "CONNECT /v3",
            "CONNECT /a/../v3",
            "POST http://h",
            "POST h:443",
            "OPTIONS http://h",
            "OPTIONS //v3")) {
      cases.add(request(line + " HTTP/1.1\nHost: h").as("asked by " + line));
    }
    Inputs.of("http1-versions")
        .forEach(
            version -> {
              cases.add(
                  request("GET /version " + version + "\nHost: h").as("version '" + version + "'"));
              cases.add(
                  request("GET /version " + version).as("version without Host '" + version + "'"));
            });
    Inputs.of("http1-headers")
        .forEach(
            header -> {
              String name =
                  header.length() > 60 ? header.substring(0, 4) + header.length() : header;
              cases.add(
                  request(HOST + "\n" + header).as("header '" + name.replace("\n", "|") + "'"));
            });
    cases.addAll(lines());
    cases.addAll(sizes());
    return cases;
  }

  private static List<EdgeCase> lines() {
    return List.of(
        request("GET /health HTTP/1.1").as("no Host"),
        request("OPTIONS / HTTP/1.0").as("HAProxy's check"),
        request("OPTIONS * HTTP/1.0").as("OPTIONS * by 1.0"),
        request("GET /health HTTP/1.0").as("1.0 without Host"),
        request("GET /health HTTP/1.0\nHost:").as("1.0 with an empty Host"),
        request("GET /health HTTP/1.0\nHost: h\nConnection: keep-alive").as("1.0 keep-alive"),
        request("GET /metrics HTTP/1.0\nConnection: keep-alive").as("1.0 for a long answer"),
        request("GET * HTTP/1.0").as("GET * by 1.0"),
        request("GET /v3/kv/range HTTP/1.0").as("1.0 GET on a route"),
        Http1Script.send("POST /v3/kv/range HTTP/1.0\nContent-Length: 14\n\n{\"key\":\"YQ==\"}")
            .as("1.0 POST"),
        Http1Script.send("\n\nGET /version HTTP/1.1\nHost: h\n\n").as("blank lines before"),
        Http1Script.send("GET /version HTTP/1.1␊Host: h␊␊").as("line feeds alone"),
        Http1Script.send("GET  /version  HTTP/1.1\nHost: h\n\n").as("two blanks"),
        Http1Script.send("GET /version HTTP/1.1 \nHost: h\n\n").as("a blank behind the version"),
        Http1Script.send(" GET /version HTTP/1.1\nHost: h\n\n").as("a blank before the method"),
        Http1Script.send("GET /version\n\n").as("HTTP/0.9"),
        Http1Script.send("nonsense\n\n").as("nonsense"),
        Http1Script.send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")
            .as("a TLS record without TLS"),
        Http1Script.send("").as("nothing"),
        Http1Script.send("G").as("one byte"),
        Http1Script.send("GET /version HTTP/1.1\nHost: h").halfClose().as("half a head, closed"),
        Http1Script.send("").halfClose().as("nothing, closed"));
  }

  private static List<EdgeCase> sizes() {
    return List.of(
        request("GET /" + "x".repeat(10_000) + " HTTP/1.1\nHost: h").as("a path of 10 kB"),
        request("GET /health?" + "x".repeat(100_000) + " HTTP/1.1\nHost: h")
            .as("a query of 100 kB"),
        request("GET /health?" + "x".repeat(1_100_000) + " HTTP/1.1\nHost: h")
            .as("a query of 1.1 MB"),
        request(HOST + "\nA: b".repeat(200)).as("200 headers"),
        request(HOST + "\nA: b".repeat(10_000)).as("10,000 headers"),
        request(HOST + "\nA: " + "x".repeat(500_000)).as("a header of 500 kB"),
        request(HOST + "\nA: " + "x".repeat(1_030_000)).as("a header of 1,030,000 bytes"),
        request(HOST + "\nA: " + "x".repeat(1_060_000)).as("a header of 1,060,000 bytes"),
        request(HOST + ("\nA: " + "x".repeat(100_000)).repeat(12)).as("12 headers of 100 kB"),
        request("x".repeat(2_000) + " / HTTP/1.1\nHost: h").as("a method of 2 kB"),
        request("GET /health HTTP/1.1\nHost: " + "h".repeat(5_000)).as("a host of 5 kB"));
  }
}
