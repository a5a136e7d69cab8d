package io.sampo.node.discovery.srv;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;
import org.xbill.DNS.lookup.ServerFailedException;

/**
 * The servers of {@code /etc/resolv.conf} with its search list, and {@code /etc/hosts}, as Go's own
 * resolver uses them. {@code -Ddns.server=address:port} names another server.
 */
public final class Dns implements NameService {
  /** What resolv.conf has where it says nothing. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final int ATTEMPTS = 2;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final List<InetSocketAddress> servers;
  private final LookupSession session;

  public Dns() {
    this(ResolverConfig.getCurrentConfig().servers(), TIMEOUT);
  }

  /**
   * Other servers.
   *
   * @param timeout of one question to one of them
   */
  public Dns(List<InetSocketAddress> servers, Duration timeout) {
    this.servers = List.copyOf(servers);
    List<Resolver> resolvers = new ArrayList<>();
    for (InetSocketAddress server : servers) {
      SimpleResolver resolver = new SimpleResolver(server);
      resolver.setTimeout(timeout);
      resolvers.add(resolver);
    }
    ExtendedResolver resolver = new ExtendedResolver(resolvers);
    resolver.setRetries(ATTEMPTS);
    resolver.setTimeout(timeout.multipliedBy((long) ATTEMPTS * Math.max(1, servers.size())));
    this.session = LookupSession.defaultBuilder().resolver(resolver).build();
  }

  @Override
  public List<Target> services(String name) throws LookupException, InterruptedException {
    return lookUp(name, Type.SRV).stream()
        .filter(SRVRecord.class::isInstance)
        .map(SRVRecord.class::cast)
        .sorted(
            Comparator.comparingInt(SRVRecord::getPriority)
                .thenComparing(Comparator.comparingInt(SRVRecord::getWeight).reversed()))
        .map(found -> new Target(found.getTarget().toString(), found.getPort()))
        .toList();
  }

  @Override
  public String address(String host) throws LookupException, InterruptedException {
    if (ADDRESS.matcher(host).matches()) {
      return literal(host);
    }
    try {
      return first(lookUp(host, Type.A));
    } catch (LookupException noneOfIpv4) {
      try {
        return first(lookUp(host, Type.AAAA));
      } catch (LookupException alike) {
        throw noneOfIpv4;
      }
    }
  }

  private static String first(List<Record> records) throws LookupException {
    for (Record found : records) {
      if (found instanceof ARecord ipv4) {
        return ipv4.getAddress().getHostAddress();
      }
      if (found instanceof AAAARecord ipv6) {
        return ipv6.getAddress().getHostAddress();
      }
    }
    throw new LookupException("no address among " + records);
  }

  /** Of one spelling, whatever was written. */
  private String literal(String address) throws LookupException {
    try {
      return InetAddress.getByName(address).getHostAddress();
    } catch (IOException e) {
      throw failed(address, "no such host", e);
    }
  }

  private List<Record> lookUp(String name, int type) throws LookupException, InterruptedException {
    try {
      List<Record> found =
          session.lookupAsync(Name.fromString(name), type).toCompletableFuture().get().getRecords();
      if (found.isEmpty()) {
        throw failed(name, "no such host", null);
      }
      return found;
    } catch (TextParseException e) {
      throw failed(name, "no such host", e);
    } catch (ExecutionException e) {
      throw failed(name, reason(e.getCause()), e);
    }
  }

  /** In Go's words. */
  private static String reason(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof NoSuchDomainException || at instanceof NoSuchRRSetException) {
        return "no such host";
      }
      if (at instanceof ServerFailedException) {
        return "server misbehaving";
      }
      if (at instanceof PortUnreachableException) {
        return "read: connection refused";
      }
      if (at instanceof SocketTimeoutException
          || at instanceof java.util.concurrent.TimeoutException
          || String.valueOf(at.getMessage()).contains("imed out")) {
        return "i/o timeout";
      }
    }
    return String.valueOf(cause.getMessage());
  }

  private LookupException failed(String name, String reason, Exception cause) {
    Optional<InetSocketAddress> server = servers.stream().findFirst();
    String on =
        server
            .map(asked -> " on " + asked.getAddress().getHostAddress() + ":" + asked.getPort())
            .orElse("");
    return new LookupException("lookup " + name + on + ": " + reason, cause);
  }
}
