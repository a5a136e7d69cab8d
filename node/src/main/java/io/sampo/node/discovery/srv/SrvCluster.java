package io.sampo.node.discovery.srv;

import static io.sampo.node.boot.flag.GoSyntax.quote;

import io.sampo.node.boot.flag.EtcdUrl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The members that the DNS names, with and without TLS (etcd 3.7.1, GetDNSClusterNames). The record
 * whose target has the address of one of this member's own URLs is this member.
 *
 * @param name of this member
 * @param advertised its peer URLs
 * @param domain whose records are looked up
 * @param serviceName with which the services' names end; may be empty
 */
public record SrvCluster(String name, List<EtcdUrl> advertised, String domain, String serviceName) {
  private static final Logger LOG = LoggerFactory.getLogger(SrvCluster.class);

  /**
   * Looks both services up.
   *
   * @return the cluster as {@code --initial-cluster} would name it
   * @throws LookupException if neither of them is there
   */
  public String find(NameService names) throws LookupException, InterruptedException {
    List<String> members = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String scheme : List.of("https", "http")) {
      String service = scheme.equals("https") ? "etcd-server-ssl" : "etcd-server";
      String full = serviceName.isEmpty() ? service : service + "-" + serviceName;
      List<String> found = List.of();
      Optional<String> problem = Optional.empty();
      try {
        found = members(scheme, full, names);
      } catch (LookupException e) {
        problem = Optional.of("error querying DNS SRV records for _" + full + " " + e.getMessage());
      }
      report(scheme, service, full, found, problem);
      members.addAll(found);
      problem.ifPresent(problems::add);
    }
    if (!problems.isEmpty()) {
      String error = String.join("\n", problems);
      LOG.atWarn().addKeyValue("error", error).log("failed to resolve during SRV discovery");
      if (members.isEmpty()) {
        throw new LookupException(error);
      }
    }
    for (String member : members) {
      LOG.atInfo().addKeyValue("node", member).log("got bootstrap from DNS for etcd-server");
    }
    return String.join(",", members);
  }

  private void report(
      String scheme, String service, String full, List<String> found, Optional<String> problem) {
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue("service-scheme", scheme)
            .addKeyValue("service-name", full)
            .addKeyValue("server-name", name)
            .addKeyValue("discovery-srv", domain)
            .addKeyValue("advertise-peer-urls", advertised)
            .addKeyValue("found-cluster", found);
    problem.ifPresent(error -> line.addKeyValue("error", error));
    line.log("get cluster for {} SRV", service);
  }

  private List<String> members(String scheme, String service, NameService names)
      throws LookupException, InterruptedException {
    Map<String, EtcdUrl> own = new LinkedHashMap<>();
    for (EtcdUrl url : advertised) {
      if (!url.isUnix()) {
        own.put(socketAddress(url.host(), port(url), names), url);
      }
    }
    List<String> members = new ArrayList<>();
    Optional<LookupException> problem = Optional.empty();
    int others = 0;
    for (NameService.Target found : names.services("_" + service + "._tcp." + domain)) {
      String address;
      try {
        address = socketAddress(found.target(), found.port(), names);
      } catch (LookupException e) {
        problem = Optional.of(e);
        continue;
      }
      Optional<EtcdUrl> self = Optional.ofNullable(own.get(address));
      // A member without a name is numbered like the others.
      String called = self.isPresent() && !name.isEmpty() ? name : String.valueOf(others++);
      String url = scheme + "://" + joined(withoutDot(found.target()), found.port());
      if (self.isPresent() && !self.get().scheme().equals(scheme)) {
        problem =
            Optional.of(
                new LookupException(
                    "bootstrap at %s from DNS for %s has scheme mismatch with expected peer %s"
                        .formatted(url, service, self.get())));
      } else {
        members.add(called + "=" + url);
      }
    }
    if (members.isEmpty() && problem.isPresent()) {
      throw problem.get();
    }
    return members;
  }

  private static int port(EtcdUrl url) throws LookupException {
    try {
      return url.portNumber();
    } catch (NumberFormatException e) {
      throw new LookupException("address " + url.port() + ": invalid port", e);
    }
  }

  private static String socketAddress(String host, int port, NameService names)
      throws LookupException, InterruptedException {
    return joined(names.address(host), port);
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static String joined(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /** Why a cluster without this member is none to begin with. */
  public String missing() {
    return "cannot find local etcd member " + quote(name) + " in SRV records";
  }
}
