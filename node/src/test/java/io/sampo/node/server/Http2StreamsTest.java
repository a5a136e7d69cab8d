package io.sampo.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class Http2StreamsTest {

  @Test
  void noStreamsIsNoLimitAsForGrpcGo() {
    assertEquals(Http2Streams.allowed(0xffff_ffffL), Http2Streams.allowed(0));
    assertEquals(1, Http2Streams.allowed(1));
    assertEquals(1_000_000, Http2Streams.allowed(5_000_000));
  }
}
