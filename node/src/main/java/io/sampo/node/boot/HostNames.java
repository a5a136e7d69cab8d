package io.sampo.node.boot;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.EtcdUrl;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The few questions about host names that a start may ask the operating system. */
public final class HostNames {
  private static final String SOMEWHERE_OUTSIDE = "192.0.2.1";

  private HostNames() {}

  /**
   * Why two sorted lists do not name the same addresses once names are resolved, in etcd's words
   * (pkg/netutil); empty if they do.
   */
  public static Optional<String> difference(List<EtcdUrl> left, List<EtcdUrl> right) {
    if (left.equals(right)) {
      return Optional.empty();
    }
    if (left.size() != right.size()) {
      return Optional.of("len(" + quoteAll(left) + ") != len(" + quoteAll(right) + ")");
    }
    List<String> ours;
    List<String> theirs;
    try {
      ours = resolve(left);
      theirs = resolve(right);
    } catch (UnknownHostException e) {
      // A name nobody knows is no address, so not the same one.
      return Optional.of("failed to resolve " + e.getMessage());
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!ours.get(i).equals(theirs.get(i))) {
        return Optional.of(
            "resolved urls: " + quote(left.get(i).text()) + " != " + quote(right.get(i).text()));
      }
    }
    return Optional.empty();
  }

  private static String quoteAll(List<EtcdUrl> urls) {
    return urls.stream().map(url -> quote(url.text())).collect(Collectors.joining(" ", "[", "]"));
  }

  private static List<String> resolve(List<EtcdUrl> urls) throws UnknownHostException {
    List<String> resolved = new ArrayList<>();
    for (EtcdUrl url : urls) {
      if (url.isUnix()) {
        resolved.add(url.text());
        continue;
      }
      String address = InetAddress.getByName(url.host()).getHostAddress();
      resolved.add(url.scheme() + "://" + address + ":" + url.port());
    }
    resolved.sort(null);
    return resolved;
  }

  /** This machine's address towards the default route, if there is one; nothing is sent. */
  public static Optional<String> defaultAddress() {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(SOMEWHERE_OUTSIDE, 9));
      InetAddress local = socket.getLocalAddress();
      return local.isAnyLocalAddress() ? Optional.empty() : Optional.of(local.getHostAddress());
    } catch (SocketException | UncheckedIOException e) {
      // No route: the answer is that there is no such address.
      return Optional.empty();
    }
  }
}
