package io.sampo.tests.compare;

import io.sampo.tests.process.ServerProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What an operator types with one version of etcd.
 *
 * @param etcdctl its file
 * @param etcdutl its file
 */
record EtcdTools(String etcdctl, String etcdutl) {

  /** Those beside a server, if they are there. */
  static Optional<EtcdTools> beside(ServerProgram server) {
    Path file = Path.of(server.command().get(0));
    Path etcdctl = file.resolveSibling("etcdctl");
    Path etcdutl = file.resolveSibling("etcdutl");
    return Files.isExecutable(etcdctl) && Files.isExecutable(etcdutl)
        ? Optional.of(new EtcdTools(etcdctl.toString(), etcdutl.toString()))
        : Optional.empty();
  }
}
