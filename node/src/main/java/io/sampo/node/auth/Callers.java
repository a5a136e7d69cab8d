package io.sampo.node.auth;

import io.sampo.node.edge.grpc.CallOrigin;
import io.sampo.node.state.PublishedState;
import io.sampo.protocol.error.EtcdError;
import java.util.Optional;
import org.apache.pekko.grpc.javadsl.Metadata;

/**
 * Finds out who makes a call: by the token in its metadata or, if it has none and clients show
 * certificates, by the common name of the client's. For any thread.
 */
public final class Callers {
  private static final String TOKEN = "token";
  private static final String AUTHORIZATION = "authorization";
  private static final String BEARER = "Bearer ";

  /** Who comes through the gateway may have shown no certificate, or one that does not count. */
  private static final String BY_GATEWAY = "grpcgateway-accept";

  private final PublishedState state;
  private final TokenProvider tokens;
  private final boolean byCertificate;

  /**
   * @param byCertificate {@code --client-cert-auth}: a certificate's common name is a user
   */
  public Callers(PublishedState state, TokenProvider tokens, boolean byCertificate) {
    this.state = state;
    this.tokens = tokens;
    this.byCertificate = byCertificate;
  }

  /** The token that a call brings. */
  public static Optional<String> token(Metadata metadata) {
    if (metadata == null) {
      return Optional.empty();
    }
    return metadata
        .getText(TOKEN)
        .or(() -> metadata.getText(AUTHORIZATION))
        .map(text -> text.startsWith(BEARER) ? text.substring(BEARER.length()) : text);
  }

  /** Whether this member has applied what it has to know before it can say who that is. */
  boolean isKnowable(Metadata metadata) {
    return token(metadata)
        .map(token -> tokens.awaitedIndex(token) <= state.get().appliedIndex())
        .orElse(true);
  }

  /**
   * Who calls, while authentication is on.
   *
   * @return null if nobody says
   * @throws io.sampo.protocol.error.EtcdException INVALID_AUTH_TOKEN
   */
  Caller caller(Metadata metadata) {
    long revision = state.get().auth().revision();
    Optional<String> token = token(metadata);
    if (token.isPresent()) {
      Caller caller = tokens.caller(token.get(), revision);
      if (caller == null) {
        throw EtcdError.INVALID_AUTH_TOKEN.exception();
      }
      return caller;
    }
    return byCertificate ? ofCertificate(metadata, revision) : null;
  }

  private static Caller ofCertificate(Metadata metadata, long revision) {
    boolean direct = metadata instanceof CallOrigin && metadata.getText(BY_GATEWAY).isEmpty();
    return direct
        ? ((CallOrigin) metadata).commonName().map(name -> new Caller(name, revision)).orElse(null)
        : null;
  }
}
