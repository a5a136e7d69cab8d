package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ServerTest {

  @Test
  void noStreamsIsNoLimitAsForGrpcGo() {
    assertEquals(Server.streams(0xffff_ffffL), Server.streams(0));
    assertEquals(1, Server.streams(1));
    assertEquals(1_000_000, Server.streams(5_000_000));
  }
}
