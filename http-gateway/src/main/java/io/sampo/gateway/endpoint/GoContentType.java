package io.sampo.gateway.endpoint;

import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/** Content types whose parameters Pekko's own types would not render as Go does. */
public final class GoContentType {
  public static final ContentType PLAIN_TEXT = of("text", "plain", Map.of("charset", "utf-8"));
  static final ContentType HTML = of("text", "html", Map.of("charset", "utf-8"));

  private GoContentType() {}

  /**
   * @param parameters in the order in which they are rendered
   */
  static ContentType of(String mainType, String subType, Map<String, String> parameters) {
    return ContentTypes.create(MediaTypes.customBinary(mainType, subType, true, parameters, false));
  }
}
