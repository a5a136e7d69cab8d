package io.sampo.gateway.endpoint;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands before every handler of a client listener: the old prefix {@code /v3beta}, the host
 * whitelist (CVE-2018-5702), CORS headers, and OPTIONS, which is 200 everywhere.
 */
public final class AccessControl implements Function<HttpRequest, CompletionStage<HttpResponse>> {
  private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);
  private static final String OLD_PREFIX = "/v3beta/";

  private final EdgeSettings settings;
  private final NodeProbes probes;
  private final Function<HttpRequest, CompletionStage<HttpResponse>> next;
  private final Materializer materializer;

  public AccessControl(
      EdgeSettings settings,
      NodeProbes probes,
      Function<HttpRequest, CompletionStage<HttpResponse>> next,
      Materializer materializer) {
    this.settings = settings;
    this.probes = probes;
    this.next = next;
    this.materializer = materializer;
  }

  @Override
  public CompletionStage<HttpResponse> apply(HttpRequest received) {
    HttpRequest request = withCurrentPrefix(received);
    Optional<HttpResponse> refusal = refusal(request);
    if (refusal.isPresent()) {
      request.discardEntityBytes(materializer);
      return Reply.done(refusal.get());
    }
    List<HttpHeader> cors = corsHeaders(request);
    if (request.method().equals(HttpMethods.OPTIONS)) {
      request.discardEntityBytes(materializer);
      return Reply.done(HttpResponse.create().addHeaders(cors));
    }
    CompletionStage<HttpResponse> response = next.apply(request);
    return cors.isEmpty() ? response : response.thenApply(answer -> withCors(answer, cors));
  }

  /** The head of a WebSocket is written without them. */
  private static HttpResponse withCors(HttpResponse answer, List<HttpHeader> cors) {
    return answer.status().equals(StatusCodes.SWITCHING_PROTOCOLS)
        ? answer
        : answer.addHeaders(cors);
  }

  private static HttpRequest withCurrentPrefix(HttpRequest request) {
    String path = request.getUri().path();
    return path.startsWith(OLD_PREFIX)
        ? request.withUri(request.getUri().path("/v3/" + path.substring(OLD_PREFIX.length())))
        : request;
  }

  private Optional<HttpResponse> refusal(HttpRequest request) {
    if (!settings.secure()) {
      String host = hostName(request);
      if (allows(settings.hostWhitelist(), host)) {
        return Optional.empty();
      }
      LOG.atWarn()
          .addKeyValue("host", host)
          .log("rejecting HTTP request to prevent DNS rebinding attacks");
      return Optional.of(Reply.error(StatusCodes.MISDIRECTED_REQUEST, unknownHost(host)));
    }
    boolean nameWouldCount =
        settings.clientCertificateAuth()
            && settings.gateway()
            && probes.isAuthEnabled()
            && request.getUri().path().startsWith("/v3/");
    return nameWouldCount && hasCommonName(request)
        ? Optional.of(
            Reply.error(
                StatusCodes.BAD_REQUEST,
                "CommonName of client sending a request against gateway will be ignored and not"
                    + " used as expected"))
        : Optional.empty();
  }

  private static boolean allows(Set<String> allowed, String candidate) {
    return allowed.isEmpty() || allowed.contains("*") || allowed.contains(candidate);
  }

  /** What the client calls this server, without the port; an old client may say nothing. */
  private static String hostName(HttpRequest request) {
    String host = request.getHeader("host").map(HttpHeader::value).orElse("");
    if (host.isEmpty() && request.protocol().value().equals("HTTP/2.0")) {
      host = request.getUri().host().address();
    }
    int colon = host.lastIndexOf(':');
    boolean bracketed = host.startsWith("[");
    boolean withPort =
        bracketed ? colon > host.indexOf(']') : colon >= 0 && colon == host.indexOf(':');
    String name = withPort ? host.substring(0, colon) : host;
    return withPort && bracketed ? name.substring(1, name.length() - 1) : name;
  }

  private static String unknownHost(String host) {
    return """

    etcd received your request, but the Host header was unrecognized.

    To fix this, choose one of the following options:
    - Enable TLS, then any HTTPS request will be allowed.
    - Add the hostname you want to use to the whitelist in settings.
      - e.g. etcd --host-whitelist "%s"

    This requirement has been added to help prevent "DNS Rebinding" attacks (CVE-2018-5702).
    """
        .formatted(host);
  }

  /** Whether the client's certificate has a common name; the server attaches the TLS session. */
  private static boolean hasCommonName(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.sslSession)
        .map(
            tls -> {
              try {
                return commonName(tls.getSession().getPeerPrincipal());
              } catch (SSLPeerUnverifiedException withoutCertificate) {
                return false;
              }
            })
        .orElse(false);
  }

  private static boolean commonName(Principal subject) {
    try {
      return new LdapName(subject.getName())
          .getRdns().stream()
              .anyMatch(
                  rdn ->
                      rdn.getType().equalsIgnoreCase("CN") && !rdn.getValue().toString().isEmpty());
    } catch (InvalidNameException e) {
      throw new IllegalStateException("a verified certificate with the subject " + subject, e);
    }
  }

  private List<HttpHeader> corsHeaders(HttpRequest request) {
    Set<String> origins = settings.corsOrigins();
    String origin = request.getHeader("origin").map(HttpHeader::value).orElse("");
    boolean any = origins.isEmpty() || origins.contains("*");
    if (!any && !origins.contains(origin)) {
      return List.of();
    }
    return List.of(
        RawHeader.create("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE"),
        RawHeader.create("Access-Control-Allow-Origin", any ? "*" : origin),
        RawHeader.create("Access-Control-Allow-Headers", "accept, content-type, authorization"));
  }
}
