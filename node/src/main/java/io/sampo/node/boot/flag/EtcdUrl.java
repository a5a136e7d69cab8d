package io.sampo.node.boot.flag;

import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A URL of a flag: {@code http://host:port} or {@code https://host:port} without a path, or {@code
 * unix://path}. Equality is that of the text.
 *
 * @param text what was written, trimmed
 * @param scheme {@code http}, {@code https}, {@code unix} or {@code unixs}
 * @param host the name or address without brackets and port; for unix sockets everything behind the
 *     scheme
 * @param port the port as written (etcd takes names and the empty string here too), empty for unix
 *     sockets
 */
public record EtcdUrl(String text, String scheme, String host, String port) {

  /**
   * One URL, checked as etcd 3.7 checks it.
   *
   * @throws SyntaxException with etcd's text
   */
  public static EtcdUrl parse(String given) throws SyntaxException {
    String text = given.strip();
    GoUrl url = GoUrl.parse(text);
    switch (url.scheme()) {
      case "http", "https" -> {
        HostPort hostPort = splitHostPort(url.authority());
        if (hostPort == null) {
          throw new SyntaxException("URL address does not have the form \"host:port\": " + text);
        }
        if (!url.path().isEmpty()) {
          throw new SyntaxException("URL must not contain a path: " + text);
        }
        return new EtcdUrl(text, url.scheme(), hostPort.host(), hostPort.port());
      }
      case "unix", "unixs" -> {
        return new EtcdUrl(text, url.scheme(), url.authority() + url.path(), "");
      }
      default ->
          throw new SyntaxException("URL scheme must be http, https, unix, or unixs: " + text);
    }
  }

  /**
   * Comma-separated URLs, sorted by their text; a repeated one counts once.
   *
   * @throws SyntaxException with etcd's text for the first bad one
   */
  public static List<EtcdUrl> parseList(String text) throws SyntaxException {
    List<EtcdUrl> urls = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      EtcdUrl url = parse(one);
      if (!urls.contains(url)) {
        urls.add(url);
      }
    }
    urls.sort(Comparator.comparing(EtcdUrl::text));
    return List.copyOf(urls);
  }

  private record HostPort(String host, String port) {}

  /** Null where Go's {@code net.SplitHostPort} fails. */
  private static HostPort splitHostPort(String authority) {
    String hostPort = authority.substring(authority.lastIndexOf('@') + 1);
    int colon = hostPort.lastIndexOf(':');
    if (colon < 0) {
      return null;
    }
    String host = hostPort.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0 || host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
      return null;
    }
    return new HostPort(host, hostPort.substring(colon + 1));
  }

  /** True for {@code https} and {@code unixs}. */
  public boolean isSecure() {
    return scheme.equals("https") || scheme.equals("unixs");
  }

  /** True for a socket in the file system. */
  public boolean isUnix() {
    return scheme.startsWith("unix");
  }

  /** {@code host:port} as a listener's log line shows it. */
  public String address() {
    return isUnix() ? host : (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /**
   * The port as a number.
   *
   * @throws NumberFormatException if it is not one; {@code NodeConfig} never holds such a listen
   *     URL
   */
  public int portNumber() {
    return port.isEmpty() ? 0 : Integer.parseInt(port);
  }

  @Override
  public String toString() {
    return text;
  }
}
