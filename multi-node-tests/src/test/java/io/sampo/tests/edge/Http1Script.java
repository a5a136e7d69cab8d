package io.sampo.tests.edge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes the actions of an HTTP/1 client: text whose line feeds become line ends of HTTP. */
final class Http1Script {

  /** Stands for a line feed alone. */
  static final String LINE_FEED = "\u240a";

  private final List<EdgeCase.Action> actions = new ArrayList<>();

  static Http1Script send(String text) {
    return new Http1Script().then(text);
  }

  /** A request of these lines, without a body. */
  static Http1Script request(String lines) {
    return send(lines + "\n\n");
  }

  /** A request with a body and its length. */
  static Http1Script post(String path, String headers, String body) {
    String more = headers.isEmpty() ? "" : headers + "\n";
    int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
    return send("POST "
            + path
            + " HTTP/1.1\nHost: h\n"
            + more
            + "Content-Length: "
            + length
            + "\n\n")
        .raw(body);
  }

  Http1Script then(String text) {
    return raw(text.replace("\n", "\r\n").replace(LINE_FEED, "\n"));
  }

  /** In the same write as what came before it, unless that was a pause. */
  Http1Script raw(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int last = actions.size() - 1;
    if (last >= 0 && actions.get(last) instanceof EdgeCase.Send before) {
      byte[] both = new byte[before.bytes().length + bytes.length];
      System.arraycopy(before.bytes(), 0, both, 0, before.bytes().length);
      System.arraycopy(bytes, 0, both, before.bytes().length, bytes.length);
      actions.set(last, new EdgeCase.Send(both));
    } else {
      actions.add(new EdgeCase.Send(bytes));
    }
    return this;
  }

  Http1Script pause(long millis) {
    actions.add(new EdgeCase.Pause(millis));
    return this;
  }

  Http1Script halfClose() {
    actions.add(new EdgeCase.HalfClose());
    return this;
  }

  EdgeCase as(String name) {
    return as(EdgeCase.Wire.PLAIN, EdgeCase.Protocol.HTTP1, name);
  }

  EdgeCase asHead(String name) {
    return as(EdgeCase.Wire.PLAIN, EdgeCase.Protocol.HTTP1_HEAD, name);
  }

  EdgeCase as(EdgeCase.Wire wire, EdgeCase.Protocol protocol, String name) {
    return new EdgeCase("edge/http1/" + name, wire, protocol, List.copyOf(actions));
  }
}
