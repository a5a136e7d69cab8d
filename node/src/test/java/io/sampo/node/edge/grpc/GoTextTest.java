package io.sampo.node.edge.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GoTextTest {
  @Test
  void octetsThatSpellNothingAreShownOrReplaced() {
    assertEquals("\"a\\\"\\\\\\t\"", GoText.quoted("a\"\\\t"));
    assertEquals("\"\\xe9S\"", GoText.quoted("\u00e9S"));
    assertEquals("\"\u00e9\"", GoText.quoted("\u00c3\u00a9"));
    assertEquals("\"\u20ac\\xe2\\x82\"", GoText.quoted("\u00e2\u0082\u00ac\u00e2\u0082"));
    assertEquals("\ufffd", GoText.of("\u00e9"));
    assertEquals("\u00e9", GoText.of("\u00c3\u00a9"));
  }
}
