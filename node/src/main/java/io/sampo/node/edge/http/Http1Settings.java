package io.sampo.node.edge.http;

import java.time.Duration;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/**
 * How HTTP/1.1 is spoken on one kind of port.
 *
 * @param head how long a request's head may take
 * @param limitsSilence whether that time also runs while nothing has come of the head
 * @param checksSource whether a client's certificate must fit where it comes from
 * @param layer of the layer between bytes and requests
 */
public record Http1Settings(
    Duration head, boolean limitsSilence, boolean checksSource, ServerSettings layer) {
  /** etcd's time for a head on client ports. */
  private static final Duration CLIENT_HEAD = Duration.ofMinutes(5);

  private static final int MAX_HEADERS = 500_000;

  /** For clients, who may be silent as long as they like. */
  public static Http1Settings clients(ServerSettings defaults) {
    return new Http1Settings(CLIENT_HEAD, false, false, adapted(defaults));
  }

  /** For those who have no reason to be silent. */
  public static Http1Settings strangers(Duration head, ServerSettings defaults) {
    return new Http1Settings(head, true, true, adapted(defaults));
  }

  /** Nothing is refused for its size that Go takes: the reader of heads has refused it before. */
  private static ServerSettings adapted(ServerSettings defaults) {
    return defaults
        .withPipeliningLimit(1)
        .withParserSettings(
            defaults
                .getParserSettings()
                .withMaxUriLength(HeadReader.LIMIT * 3)
                .withMaxHeaderNameLength(HeadReader.LIMIT)
                .withMaxHeaderValueLength(HeadReader.LIMIT)
                .withMaxHeaderCount(MAX_HEADERS));
  }
}
