package io.sampo.node.discovery.srv;

import java.util.List;

/** Who knows names. Every call waits for its answer. */
public interface NameService {

  /**
   * Where one instance of a service is.
   *
   * @param target a host's name, with or without a dot at its end
   */
  record Target(String target, int port) {}

  /**
   * The records of type SRV of a name, the preferred ones first; never empty.
   *
   * @throws LookupException also if there are none
   */
  List<Target> services(String name) throws LookupException, InterruptedException;

  /**
   * An address of a host as text: that of IPv4 if there are several.
   *
   * @param host a name or an address
   */
  String address(String host) throws LookupException, InterruptedException;
}
