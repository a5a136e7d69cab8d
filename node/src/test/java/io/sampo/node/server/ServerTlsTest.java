package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sampo.node.boot.SystemSources;
import io.sampo.node.boot.flag.ConfigException;
import io.sampo.node.tls.Authority;
import io.sampo.node.tls.Handshake;
import io.sampo.node.tls.TlsContext;
import io.sampo.node.tls.TlsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files are for that the flags of TLS name. */
class ServerTlsTest {
  private static final int PORT = 2380;

  private final SystemSources sources =
      new SystemSources(
          () -> 0, () -> 0, () -> new SplittableRandom(1), () -> new SplittableRandom(1));

  @TempDir Path folder;
  private final Map<String, String> files = new LinkedHashMap<>();
  private Authority authority;
  private Authority.Issued serving;
  private Authority.Issued calling;
  private Authority.Issued other;
  private Authority.Issued revoked;

  @BeforeEach
  void makeFiles() throws Exception {
    authority = new Authority(folder, "ca");
    serving = authority.issue("serving", "localhost");
    calling = authority.issue("calling", "localhost");
    other = authority.issue("other", "localhost");
    revoked = authority.issue("revoked", "localhost");
    Path list = Files.write(folder.resolve("crl"), authority.revoke(revoked));
    for (String group : List.of("", "peer-")) {
      files.put(group + "cert-file", serving.cert());
      files.put(group + "key-file", serving.key());
      files.put(group + "client-cert-file", calling.cert());
      files.put(group + "client-key-file", calling.key());
      files.put(group + "trusted-ca-file", authority.file());
    }
    files.put("client-crl-file", list.toString());
    files.put("peer-crl-file", list.toString());
  }

  private ServerTls open() throws ConfigException {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--listen-client-urls=https://127.0.0.1:2379",
                "--advertise-client-urls=https://127.0.0.1:2379",
                "--listen-peer-urls=https://127.0.0.1:2380",
                "--initial-advertise-peer-urls=https://127.0.0.1:2380",
                "--initial-cluster=default=https://127.0.0.1:2380"));
    files.forEach((flag, file) -> flags.add("--" + flag + "=" + file));
    return ServerTls.open(FlaggedNode.config(flags), sources);
  }

  /** Also what only etcd's gateway calls itself with: etcd 3.7.1 does not start without it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cert-file",
        "key-file",
        "client-cert-file",
        "client-key-file",
        "trusted-ca-file",
        "peer-cert-file",
        "peer-key-file",
        "peer-client-cert-file",
        "peer-client-key-file",
        "peer-trusted-ca-file"
      })
  void aFileThatIsMissingIsNamedAtTheStart(String flag) throws ConfigException {
    open();
    files.put(flag, "/nonexist");
    assertEquals(
        "open /nonexist: no such file or directory",
        assertThrows(ConfigException.class, this::open).getMessage());
  }

  @Test
  void membersAreServedCalledAndBelievedByTheFilesForThem() throws Exception {
    TlsContext member = open().peer().orElseThrow();
    assertEquals(serving.certificate(), shownTo(client(other), member));
    SSLEngine called = client(other).serverEngine();
    Handshake.run(member.clientEngine("localhost", PORT), called);
    assertEquals(calling.certificate(), shown(called));
    refusesOthers(member);
  }

  @Test
  void clientsAreServedAndBelievedByTheFilesForThem() throws Exception {
    TlsContext server = open().client().orElseThrow();
    assertEquals(serving.certificate(), shownTo(client(other), server));
    refusesOthers(server);
  }

  private void refusesOthers(TlsContext server) throws Exception {
    Authority.Issued stranger = new Authority(folder, "elsewhere").issue("stranger", "localhost");
    for (Authority.Issued refused : List.of(stranger, revoked)) {
      assertThrows(SSLException.class, () -> shownTo(client(refused), server), refused.cert());
    }
  }

  private static Certificate shownTo(TlsContext client, TlsContext server) throws Exception {
    SSLEngine engine = client.clientEngine("localhost", PORT);
    Handshake.run(engine, server.serverEngine());
    return shown(engine);
  }

  private static Certificate shown(SSLEngine engine) throws SSLException {
    return engine.getSession().getPeerCertificates()[0];
  }

  private TlsContext client(Authority.Issued issued) throws Exception {
    return TlsContext.open(
        new TlsSettings(
            new TlsSettings.Files(issued.cert(), issued.key(), "", "", authority.file(), ""),
            false,
            List.of(),
            List.of(),
            false,
            false,
            new TlsSettings.Protocol(List.of(), "", "")));
  }
}
