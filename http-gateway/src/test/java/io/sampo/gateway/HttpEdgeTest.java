package io.sampo.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sampo.gateway.EdgeFixture.Answer;
import io.sampo.gateway.endpoint.EdgeSettings;
import io.sampo.gateway.endpoint.SentPath;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntityAcceptances;
import org.apache.pekko.http.javadsl.model.SslSessionInfo;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every expectation here is what etcd 3.7.1 answered to the same request. */
class HttpEdgeTest {
  private static final ActorSystem SYSTEM = ActorSystem.create("edge-test");

  private final EdgeFixture edge = new EdgeFixture(SYSTEM);

  @AfterAll
  static void stop() {
    TestKit.shutdownActorSystem(SYSTEM);
  }

  private static void assertPlain(int status, String body, Answer answer) {
    assertEquals(status, answer.status());
    assertEquals(body, answer.body());
    assertEquals("text/plain; charset=utf-8", answer.contentType());
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
  }

  @Test
  void versionNamesTheThreeVersions() throws Exception {
    Answer answer = edge.get("/version");
    assertEquals(200, answer.status());
    assertEquals(
        "{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"3.7.0\",\"storage\":\"3.7.0\"}",
        answer.body());
    assertEquals("application/json", answer.contentType());
  }

  @Test
  void undecidedVersionsHaveTheirWords() throws Exception {
    edge.probes.clusterVersion = Optional.empty();
    edge.probes.storageVersion = Optional.empty();
    assertEquals(
        "{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"not_decided\",\"storage\":\"unknown\"}",
        edge.get("/version").body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/version", "/livez", "/readyz/non_learner", "/debug/vars"})
  void onlyGetIsAllowed(String path) throws Exception {
    for (var method : List.of(HttpMethods.HEAD, HttpMethods.POST, HttpMethods.PUT)) {
      Answer answer = edge.send(EdgeFixture.OPEN, HttpRequest.create(path).withMethod(method));
      assertPlain(405, "Method Not Allowed\n", answer);
      assertEquals("GET", answer.header("Allow"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nope",
        "/health/",
        "/livez/",
        "/readyz/nope",
        "/v2/keys",
        "/v3beta",
        "/debug/pprof/",
        "/v3alpha/kv/range"
      })
  void otherPathsAreNotFound(String path) throws Exception {
    assertPlain(404, "404 page not found\n", edge.get(path));
  }

  @ParameterizedTest
  @CsvSource({
    "/v3,/v3/",
    "/v3?x=1,/v3/?x=1",
    "/x//health,/x/health",
    "/v3/kv//range,/v3/kv/range",
    "/health//,/health/"
  })
  void uncleanPathsAreRedirected(String path, String clean) throws Exception {
    Answer answer = edge.get(path);
    assertEquals(307, answer.status());
    assertEquals(clean, answer.header("Location"));
    assertEquals("text/html; charset=utf-8", answer.contentType());
    assertEquals("<a href=\"" + clean + "\">Temporary Redirect</a>.\n\n", answer.body());
    Answer post = edge.send(EdgeFixture.OPEN, HttpRequest.POST(path));
    assertEquals(307, post.status());
    assertEquals(clean, post.header("Location"));
    assertEquals("", post.body());
  }

  @ParameterizedTest
  @CsvSource({
    "/v3/../version,/version",
    "/version/..,/",
    "/a/./b/../,/a/",
    "/a/../v%3fx,/v%253fx",
    "/a/../v3,/v3/",
    "'',/",
  })
  void pathsThatNoUriHasAreRedirected(String path, String clean) throws Exception {
    HttpRequest request = SentPath.attach(HttpRequest.GET("/x?y=z"), path);
    Answer answer = edge.send(EdgeFixture.OPEN, request);
    assertEquals(307, answer.status());
    assertEquals(clean + "?y=z", answer.header("Location"));
  }

  @Test
  void whatIsAskedOfTheServerItselfIsABadRequest() throws Exception {
    HttpRequest request = SentPath.attach(HttpRequest.GET("/"), SentPath.SERVER);
    Answer answer = edge.send(EdgeFixture.OPEN, request);
    assertEquals(400, answer.status());
    assertEquals("", answer.body());
    assertEquals("close", answer.header("Connection"));
    assertEquals("*", answer.header("Access-Control-Allow-Origin"));
    EdgeSettings listed = EdgeFixture.settings(Set.of("*"), Set.of("good.example"), false);
    assertEquals(421, edge.send(listed, request).status());
  }

  /** Nothing is redirected but the prefix without its slash. */
  @ParameterizedTest
  @CsvSource({"/x//health, 404", "//health, 404", "/v3, 307", "/version, 405"})
  void whatConnectAsksForCountsAsItIs(String path, int status) throws Exception {
    var connect = HttpMethods.custom("CONNECT", false, false, RequestEntityAcceptances.Tolerated);
    HttpRequest request = HttpRequest.GET("/x").withMethod(connect);
    Answer answer = edge.send(EdgeFixture.OPEN, SentPath.attach(request, path));
    assertEquals(status, answer.status());
  }

  @Test
  void aRedirectHasNoPageWhereNoneIsShown() throws Exception {
    HttpRequest request = HttpRequest.create("//x").withMethod(HttpMethods.HEAD);
    Answer answer = edge.send(EdgeFixture.OPEN, request);
    assertEquals("text/html; charset=utf-8", answer.contentType());
    assertEquals("", answer.body());
  }

  @Test
  void theGatewayIsBelowItsPrefixes() throws Exception {
    for (String path : List.of("/v3/nope", "/v3beta/nope", "/v3/")) {
      assertEquals("{\"code\":5,\"message\":\"Not Found\"}", edge.get(path).body());
    }
  }

  @Test
  void withoutTheGatewayItsPathsAreNotFound() throws Exception {
    EdgeSettings off = new EdgeSettings(false, Set.of("*"), Set.of("*"), false, false, 2_097_152);
    assertPlain(404, "404 page not found\n", edge.send(off, HttpRequest.POST("/v3/kv/range")));
    assertPlain(404, "404 page not found\n", edge.send(off, HttpRequest.POST("/v3")));
  }

  @Test
  void metricsAreTextWhateverIsAccepted() throws Exception {
    for (var method : List.of(HttpMethods.GET, HttpMethods.POST, HttpMethods.HEAD)) {
      Answer answer =
          edge.send(
              EdgeFixture.OPEN,
              HttpRequest.create("/metrics")
                  .withMethod(method)
                  .addHeader(
                      RawHeader.create("Accept", "application/openmetrics-text;version=1.0.0")));
      assertEquals(200, answer.status());
      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", answer.contentType());
      assertTrue(answer.body().endsWith("etcd_server_has_leader 1\n"));
    }
  }

  @Test
  void metricsAreCompressedOnRequest() throws Exception {
    Answer answer =
        edge.send(
            EdgeFixture.OPEN,
            HttpRequest.GET("/metrics").addHeader(RawHeader.create("Accept-Encoding", "gzip")));
    assertEquals("gzip", answer.header("Content-Encoding"));
    byte[] plain =
        new GZIPInputStream(new ByteArrayInputStream(answer.bytes().toArrayUnsafe()))
            .readAllBytes();
    assertTrue(new String(plain, StandardCharsets.UTF_8).contains("etcd_server_has_leader 1"));
  }

  @Test
  void debugVariablesAreInTheLayoutOfExpvar() throws Exception {
    Answer answer = edge.get("/debug/vars");
    assertTrue(answer.response().entity().isChunked());
    assertEquals("{\n\"cmdline\": [\"sampo\"],\n\"raft.status\": {}\n}\n", edge.bodyOf(answer));
    assertEquals("application/json; charset=utf-8", answer.contentType());
  }

  @Test
  void anyOriginIsAllowedByDefault() throws Exception {
    for (String path : List.of("/version", "/nope", "/v3", "/v3/nope", "/health")) {
      Answer answer = edge.get(path);
      assertEquals("*", answer.header("Access-Control-Allow-Origin"));
      assertEquals(
          "POST, GET, OPTIONS, PUT, DELETE", answer.header("Access-Control-Allow-Methods"));
      assertEquals(
          "accept, content-type, authorization", answer.header("Access-Control-Allow-Headers"));
    }
  }

  @Test
  void onlyListedOriginsAreAllowed() throws Exception {
    EdgeSettings listed = EdgeFixture.settings(Set.of("http://a.example:80"), Set.of("*"), false);
    HttpRequest request = HttpRequest.GET("/version");
    for (String origin : List.of("http://a.example:80", "http://x.example")) {
      Answer answer = edge.send(listed, request.addHeader(RawHeader.create("Origin", origin)));
      assertEquals(200, answer.status());
      assertEquals(
          origin.contains("a.example") ? origin : "", answer.header("Access-Control-Allow-Origin"));
    }
    assertEquals("", edge.send(listed, request).header("Access-Control-Allow-Methods"));
  }

  @Test
  void optionsAreOkEverywhere() throws Exception {
    for (String path : List.of("/v3/kv/range", "/nope", "/v3", "/health")) {
      Answer answer =
          edge.send(EdgeFixture.OPEN, HttpRequest.create(path).withMethod(HttpMethods.OPTIONS));
      assertEquals(200, answer.status());
      assertEquals("", answer.body());
      assertEquals("*", answer.header("Access-Control-Allow-Origin"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "good.example,true",
    "good.example:99,true",
    "127.0.0.1:2379,true",
    "[::1]:2379,true",
    "evil.example,false",
    "evil.example:99,false",
    "'',false"
  })
  void onlyListedHostsAreServed(String host, boolean served) throws Exception {
    EdgeSettings listed =
        EdgeFixture.settings(Set.of("*"), Set.of("127.0.0.1", "good.example", "::1"), false);
    for (var method : List.of(HttpMethods.GET, HttpMethods.OPTIONS)) {
      Answer answer =
          edge.send(
              listed,
              HttpRequest.create("/version")
                  .withMethod(method)
                  .addHeader(RawHeader.create("Host", host)));
      if (served) {
        assertEquals(200, answer.status());
      } else {
        assertEquals("", answer.header("Access-Control-Allow-Origin"));
        String name = host.replace(":99", "");
        assertEquals(362 + name.length(), answer.bytes().size());
        assertPlain(
            421,
            "\netcd received your request, but the Host header was unrecognized.\n\n"
                + "To fix this, choose one of the following options:\n"
                + "- Enable TLS, then any HTTPS request will be allowed.\n"
                + "- Add the hostname you want to use to the whitelist in settings.\n"
                + "  - e.g. etcd --host-whitelist \""
                + name
                + "\"\n\nThis requirement has been added to help prevent \"DNS Rebinding\" attacks"
                + " (CVE-2018-5702).\n\n",
            answer);
      }
    }
  }

  @Test
  void tlsNeedsNoHostWhitelist() throws Exception {
    EdgeSettings secure = EdgeFixture.settings(Set.of("*"), Set.of("good.example"), true);
    HttpRequest request =
        HttpRequest.GET("/version").addHeader(RawHeader.create("Host", "evil.example"));
    assertEquals(200, edge.send(secure, request).status());
  }

  @ParameterizedTest
  @CsvSource({
    "'CN=client,O=sampo',true,/v3/nope,400",
    "O=sampo,true,/v3/nope,404",
    "'CN=client,O=sampo',false,/v3/nope,404",
    "'CN=client,O=sampo',true,/version,200"
  })
  void aCertificateNameIsRefusedWhereItWouldNotCount(
      String subject, boolean auth, String path, int status) throws Exception {
    edge.probes.auth = auth;
    SSLSession session =
        (SSLSession)
            Proxy.newProxyInstance(
                SSLSession.class.getClassLoader(),
                new Class<?>[] {SSLSession.class},
                (proxy, method, arguments) ->
                    method.getName().equals("getPeerPrincipal")
                        ? new X500Principal(subject)
                        : null);
    Answer answer =
        edge.send(
            EdgeFixture.settings(Set.of("*"), Set.of("*"), true),
            HttpRequest.GET(path)
                .addAttribute(AttributeKeys.sslSession, SslSessionInfo.create(session)));
    assertEquals(status, answer.status());
    if (status == 400) {
      assertPlain(
          400,
          "CommonName of client sending a request against gateway will be ignored and not used as"
              + " expected\n",
          answer);
    }
  }

  @Test
  void theMetricsPortHasMonitoringOnly() throws Exception {
    var routes = edge.metricsRoutes();
    for (String path :
        List.of("/metrics", "/health", "/livez", "/readyz", "/readyz/linearizable_read")) {
      Answer answer = edge.answer(routes, HttpRequest.GET(path));
      assertEquals(200, answer.status());
      assertEquals("", answer.header("Access-Control-Allow-Origin"));
    }
    for (String path : List.of("/version", "/debug/vars", "/v3", "/v3/kv/range")) {
      assertPlain(404, "404 page not found\n", edge.answer(routes, HttpRequest.GET(path)));
    }
    assertPlain(
        405,
        "Method Not Allowed\n",
        edge.answer(routes, HttpRequest.create("/health").withMethod(HttpMethods.OPTIONS)));
  }
}
