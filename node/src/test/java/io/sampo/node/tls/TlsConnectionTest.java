package io.sampo.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsConnectionTest {
  private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 1);

  @TempDir private Path folder;

  @Test
  void whoMayComeFromAnywhereNeedsNoNameOfItsAddress() throws Exception {
    assertEquals(true, isRefused(false));
    assertEquals(false, isRefused(true));
  }

  /** Whether a member is refused whose certificate names another address than it comes from. */
  private boolean isRefused(boolean skipClientSanVerification) throws Exception {
    Authority authority = new Authority(folder, "ca");
    Authority.Issued issued = authority.issue("member", "localhost", "192.0.2.1");
    Authority.Issued stranger = authority.issue("stranger", "192.0.2.7");
    TlsConnection connection =
        new TlsConnection(
            context(issued, authority, skipClientSanVerification),
            HERE,
            HERE,
            List.of(),
            "rejected",
            Runnable::run);
    SSLEngine server = connection.engine();
    Handshake.run(context(stranger, authority, false).clientEngine("localhost", 1), server);
    connection.onSession(server.getSession());
    return connection.admitted().isCompletedExceptionally();
  }

  private static TlsContext context(Authority.Issued issued, Authority authority, boolean skip)
      throws Exception {
    return TlsContext.open(
        new TlsSettings(
            new TlsSettings.Files(issued.cert(), issued.key(), "", "", authority.file(), ""),
            true,
            List.of(),
            List.of(),
            skip,
            false,
            new TlsSettings.Protocol(List.of(), "", "")));
  }
}
