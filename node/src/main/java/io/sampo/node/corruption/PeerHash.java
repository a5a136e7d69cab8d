package io.sampo.node.corruption;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;

/**
 * What a peer says of its keys.
 *
 * @param revision its newest one when it answered
 * @param compactRevision the compaction before what was hashed
 */
public record PeerHash(long revision, int hash, long compactRevision) {

  /**
   * Reads the answer to a question for the hash.
   *
   * @throws JsonParseException if it is none
   */
  public static PeerHash of(byte[] json) {
    try {
      JsonObject answer =
          JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
      JsonObject header = answer.getAsJsonObject("header");
      return new PeerHash(
          header == null ? 0 : number(header, "revision"),
          (int) number(answer, "hash"),
          number(answer, "compact_revision"));
    } catch (IllegalStateException
        | NumberFormatException
        | ClassCastException
        | UnsupportedOperationException e) {
      throw new JsonParseException(e);
    }
  }

  private static long number(JsonObject object, String name) {
    return object.has(name) ? object.get(name).getAsLong() : 0;
  }
}
