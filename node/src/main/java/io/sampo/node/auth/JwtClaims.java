package io.sampo.node.auth;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;

/**
 * What a token of etcd says.
 *
 * @param expiresSeconds since 1970, from when on it is none any more; 0 for never
 * @param notBeforeSeconds since 1970, before which it is none yet; 0 for always
 */
record JwtClaims(Caller caller, long expiresSeconds, long notBeforeSeconds) {

  /** A token that says something else; etcd's words. */
  static final class ClaimsException extends Exception {
    private static final long serialVersionUID = 1L;

    ClaimsException(String message) {
      super(message);
    }
  }

  /** For a token that etcd takes as well. */
  static String text(String user, long authRevision, long expiresSeconds) {
    JsonObject claims = new JsonObject();
    claims.addProperty("exp", expiresSeconds);
    claims.addProperty("revision", authRevision);
    claims.addProperty("username", user);
    return claims.toString();
  }

  /** Numbers are Go's {@code float64}; other claims are of no interest. */
  static JwtClaims parse(String text) throws ClaimsException {
    JsonObject claims = object(text);
    long expires = seconds(claims, "exp");
    long notBefore = seconds(claims, "nbf");
    JsonPrimitive user = primitive(claims, "username");
    if (user == null || !user.isString()) {
      throw new ClaimsException("failed to obtain user claims from jwt token");
    }
    JsonPrimitive revision = primitive(claims, "revision");
    if (revision == null || !revision.isNumber()) {
      throw new ClaimsException("failed to obtain revision claims from jwt token");
    }
    return new JwtClaims(
        new Caller(user.getAsString(), (long) revision.getAsDouble()), expires, notBefore);
  }

  private static JsonObject object(String text) throws ClaimsException {
    try {
      if (JsonParser.parseString(text) instanceof JsonObject claims) {
        return claims;
      }
    } catch (JsonParseException | StackOverflowError e) {
      // Signed by somebody with the key, and nothing that it says can be believed.
      throw new ClaimsException("failed to obtain claims from a JWT token");
    }
    throw new ClaimsException("failed to obtain claims from a JWT token");
  }

  private static long seconds(JsonObject claims, String name) throws ClaimsException {
    if (!claims.has(name)) {
      return 0;
    }
    JsonPrimitive seconds = primitive(claims, name);
    if (seconds == null || !seconds.isNumber()) {
      throw new ClaimsException("token has invalid claims: " + name + " is invalid");
    }
    return (long) seconds.getAsDouble();
  }

  private static JsonPrimitive primitive(JsonObject claims, String name) {
    JsonElement value = claims.get(name);
    return value instanceof JsonPrimitive primitive ? primitive : null;
  }

  /** Null if the token counts at this moment, or why it does not. */
  String refusal(long nowMillis) {
    if (expiresSeconds != 0 && nowMillis >= millis(expiresSeconds)) {
      return "token has invalid claims: token is expired";
    }
    if (notBeforeSeconds != 0 && nowMillis < millis(notBeforeSeconds)) {
      return "token has invalid claims: token is not valid yet";
    }
    return null;
  }

  /** The largest or smallest for what is beyond. */
  private static long millis(long seconds) {
    long millis = seconds * 1000;
    return millis / 1000 == seconds ? millis : seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
