package io.sampo.node.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sampo.node.boot.flag.EtcdUrl;
import io.sampo.node.boot.flag.GoSyntax.SyntaxException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
  @Test
  void bothSchemesOfOneAddressAreListenedForOnce() throws SyntaxException {
    List<ListenAddress> addresses =
        ListenAddress.of(
            EtcdUrl.parseList("http://127.0.0.1:1,https://127.0.0.1:2,https://127.0.0.1:1"));
    assertEquals(
        List.of("127.0.0.1:1 true true", "127.0.0.1:2 false true"),
        addresses.stream()
            .map(one -> one.url().address() + " " + one.plain() + " " + one.secure())
            .toList());
  }

  @ParameterizedTest
  @CsvSource({"true, true, false", "true, false, true", "false, true, false"})
  void grpcAloneIsServedByOneScheme(boolean plain, boolean secure, boolean plainAlone)
      throws SyntaxException {
    EtcdUrl url = EtcdUrl.parse("http://127.0.0.1:1");
    assertEquals(
        new ListenAddress(url, plainAlone, secure),
        new ListenAddress(url, plain, secure).ofGrpcAlone());
  }
}
