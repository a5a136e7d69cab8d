package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SampoNodeTest {

  @Test
  void noStreamsIsNoLimitAsForGrpcGo() {
    assertEquals(SampoNode.streams(0xffff_ffffL), SampoNode.streams(0));
    assertEquals(1, SampoNode.streams(1));
    assertEquals(1_000_000, SampoNode.streams(5_000_000));
  }
}
