package io.sampo.tests.edge;

import java.util.List;

/**
 * One conversation with a server.
 *
 * @param name what a difference is reported and listed by
 * @param protocol how the answers are to be read
 * @param actions what the client does, one after another, whatever it is answered
 */
public record EdgeCase(String name, Wire wire, Protocol protocol, List<Action> actions) {

  public EdgeCase {
    name = Masks.visible(name).replace('\n', '|');
  }

  /** Which listener, and what is below HTTP. */
  public enum Wire {
    PLAIN,
    /** TLS whose client offers no protocol. */
    TLS,
    /** TLS whose client offers HTTP/1.1 only. */
    TLS_HTTP1,
    /** TLS whose client offers HTTP/2 only. */
    TLS_HTTP2,
    /** Of a server with {@code --host-whitelist=foo,127.0.0.1}. */
    WHITELIST
  }

  /** How answers are to be read. */
  public enum Protocol {
    HTTP1,
    /** HTTP/1.1 whose requests are all HEAD: no answer has a body. */
    HTTP1_HEAD,
    HTTP2
  }

  /** A step of the client. */
  public sealed interface Action {}

  /** Bytes in one write. */
  public record Send(byte[] bytes) implements Action {}

  /** Nothing for that long. */
  public record Pause(long millis) implements Action {}

  /** The client's direction ends (FIN). */
  public record HalfClose() implements Action {}

  /** The same conversation elsewhere. */
  EdgeCase over(Wire other, String prefix) {
    return new EdgeCase(prefix + name, other, protocol, actions);
  }
}
